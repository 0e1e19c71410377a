"""What commands wrote in a text that somebody pasted, each output read by the reader of its own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.pasted_outputs import PastedOutput, pasted_outputs
from autopilot_analysis.facts.source_names import MANAGE_BDE, TPM_TEXT, WINHTTP_PROXY
from autopilot_analysis.readers.beside import Beside, Read, joined
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines, written_lines
from autopilot_analysis.readers.texts.certificates import read_certificates
from autopilot_analysis.readers.texts.hardware.tpm import read_tpm_text
from autopilot_analysis.readers.texts.manage_bde import read_manage_bde
from autopilot_analysis.readers.texts.network.network_text import (
    read_firewall,
    read_ipconfig,
    read_netsh_wlan,
    read_winhttp_proxy,
)
from autopilot_analysis.readers.texts.properties import Properties

BIOS_SERIAL = "BIOS", "SerialNumber"
"""Section and name of a serial number that a command asked the firmware for."""


def read_bios_serial(content: bytes, member: str = "") -> Reading:
    """Return the serial number that the firmware told a command.

    Args:
        content: The command and what it wrote.
        member: Its path inside the export, for messages.

    Raises:
        NotThisFormat: No line holds one word alone, as a serial number is shown.
    """
    for record, line in enumerate(split_lines(decode(content))[1:], 2):
        words = line.split()
        if len(words) == 1 and words[0].lower() != "serialnumber" and words[0].strip("-"):
            found = Properties()
            found.add(*BIOS_SERIAL, words[0], record)
            return found.reading()
    raise NotThisFormat.of(member, "shows no serial number.")


OWN_READERS: Mapping[str, Read] = {
    WINHTTP_PROXY: read_winhttp_proxy,
    "ipconfig": read_ipconfig,
    "firewall": read_firewall,
    "netsh_wlan": read_netsh_wlan,
    TPM_TEXT: read_tpm_text,
    MANAGE_BDE: read_manage_bde,
    "certificates": read_certificates,
    "bios_serial": read_bios_serial,
}
"""Readers of outputs that are cut out of the text around them; any other form finds its lines by itself."""


def outputs_beside(own: str = "") -> Beside:
    """Return the outputs of commands in a text as a form that stands beside others.

    Args:
        own: The reader of the text, whose form it reads itself; "" for none.
    """

    def find(content: bytes) -> Reading | None:
        lines = written_lines(content)
        found = [
            reading
            for output in pasted_outputs(lines)
            if output.reader != own and (reading := _read(output, lines)) is not None
        ]
        return joined(found) if found else None

    return Beside(find)


def apart_from_outputs(read: Read, own: str) -> Read:
    """Return a reader that passes over the outputs of other commands in a text: their readers have them.

    Args:
        read: The reader of what the text is.
        own: Its name, as facts/pasted_outputs.csv has it.
    """

    def read_rest(content: bytes, member: str = "") -> Reading:
        lines = written_lines(content)
        others = [output for output in pasted_outputs(lines) if output.reader not in ("", own)]
        if not others:
            return read(content, member)
        rest = list(lines)
        for output in others:
            rest[output.begin : output.end] = [""] * (output.end - output.begin)
        return read("\n".join(rest).encode(), member)

    return read_rest


def _read(output: PastedOutput, lines: Sequence[str]) -> Reading | None:
    """Return what the reader of an output finds in it, under the line numbers of the text."""
    read = OWN_READERS.get(output.reader)
    if read is None:
        return None
    alone = [*[""] * output.begin, *lines[output.begin : output.end]]
    with suppress(NotThisFormat):
        reading = read("\n".join(alone).encode(), "")
        return reading if reading.count else None
    return None
