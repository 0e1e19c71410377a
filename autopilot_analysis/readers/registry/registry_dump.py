r"""MdmDiagReport_RegistryDump.reg, the registry as the MDM diagnostics tool writes it, -> registry values.

In spite of its ending this is no .reg file: UTF-8 without a mark, no header line, values indented by four
blanks, `DWORD:` and `QWORD:` in capitals, `MULTI_SZ:"…"`, every other kind as `hex(n):` on one line, and
nothing escaped: a string runs to the last quote of its line and holds bare quotes and single backslashes.
"""

from __future__ import annotations

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.long_lines import shorten_lines
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.registry.registry_lines import lines_of
from autopilot_analysis.readers.registry.registry_text import read_lines
from autopilot_analysis.readers.text import utf8

_EXPORTS = (b"Windows Registry Editor", b"REGEDIT4")


def read_registry_dump(content: bytes, member: str = "") -> Reading:
    """Return the values of a registry dump of the MDM diagnostics tool, whole or cut at either end.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of registry_values: keys as written, `record` the text line.

    Raises:
        NotThisFormat: No line names a registry key, or the file is a standard .reg file.
    """
    content, unread = shorten_lines(content)
    text = utf8(content)
    if text.lstrip().startswith(_EXPORTS):
        raise NotThisFormat.of(member, "is a standard registry export; read it as one.")
    if b"[HKEY_" not in text:
        raise NotThisFormat.of(member, "names no registry key; a registry dump has lines like [HKEY_…].")
    reading = read_lines(lines_of(text), escaped=False)
    torn = _torn_line(text)
    if torn is None or any(gap.record == torn for gap in reading.unread):
        return Reading(reading.rows, (*unread, *reading.unread))
    cut = Unread("the last line has no line end: its value may be cut", torn, 1)
    return Reading(reading.rows, (*unread, *reading.unread, cut))


def _torn_line(text: bytes) -> int | None:
    """Return the number of the last line when it has no end and is no whole string or key, else None."""
    last = text[text.rfind(b"\n") + 1 :].rstrip()
    return None if not last or last.endswith((b'"', b"]")) else text.count(b"\n") + 1
