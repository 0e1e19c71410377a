"""Where the output of one command begins and ends in a text that somebody pasted (facts/pasted_outputs.csv).

It begins behind the prompt with the command, or at the heading that the command writes, and ends at the next
prompt or heading; one without a prompt ends where another paragraph begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import msgspec

from autopilot_analysis.facts import read_facts

PROMPT = re.compile(
    r"[ \t>|*`]{0,8}(?:\[[^\]\n]{1,128}\]: ?)?(?:PS(?: [^>\n]{0,260})?>|[A-Za-z]:\\[^>\n]{0,260}>)"
    r"[ \t]*(?P<command>.*)"
)
"""A prompt of PowerShell or of the command line, as a mail may quote it, and the command behind it."""
_WIDEST = 1000
"""Characters of a line that is looked at; what follows is no command and no heading."""
_MOST = 8000
"""Lines of a text that are looked at."""
_MARGIN = " \t>|*`"
"""What a mail or a ticket puts around a line."""


class PastedOutput(msgspec.Struct, frozen=True):
    """What one command wrote in a text.

    Attributes:
        reader: Of facts/pasted_outputs.csv; "" for a command that is not known there.
        begin: The line on which it begins, from 0: that of the prompt, or the heading.
        end: The line behind its last one.
    """

    reader: str
    begin: int
    end: int


def pasted_outputs(lines: Sequence[str]) -> list[PastedOutput]:
    """Return the outputs of commands in a text, in its order.

    Args:
        lines: Of the text, without their ends.
    """
    begins: list[tuple[int, str]] = []
    headings: set[int] = set()
    for at, line in enumerate(lines[:_MOST]):
        written = line[:_WIDEST]
        if prompt := PROMPT.match(written):
            begins.append((at, _reader("command", prompt["command"])))
        elif written.strip() and (reader := _reader("heading", written.strip(_MARGIN))):
            before, of = begins[-1] if begins else (at, "")
            asked = of == reader and _only_blank(lines, before + 1, at)
            begins += [] if asked else [(at, reader)]
            headings |= set() if asked else {at}
        elif written.strip() and (reader := _reader("part", written.strip(_MARGIN))):
            goes_on = bool(begins) and begins[-1][1] == reader
            begins += [] if goes_on else [(at, reader)]
            headings |= set() if goes_on else {at}
    ends = pairwise([*begins, (len(lines), "")])
    return [
        PastedOutput(reader, at, _paragraph(lines, at, end) if at in headings else end)
        for (at, reader), (end, _) in ends
    ]


def holds_outputs(lines: Sequence[str]) -> bool:
    """Tell whether a text holds what a known command wrote.

    Args:
        lines: Of the text, without their ends.
    """
    return any(output.reader for output in pasted_outputs(lines))


def _paragraph(lines: Sequence[str], begin: int, end: int) -> int:
    """Return where what a heading begins ends: at a paragraph that is neither set in nor a heading."""
    for at in range(begin + 1, end):
        line = lines[at]
        other = line.strip() and not lines[at - 1].strip() and line[0] not in " \t>|=-"
        if other and not line.rstrip().endswith(":"):
            return at
    return end


def _only_blank(lines: Sequence[str], begin: int, end: int) -> bool:
    return not any(line.strip() for line in lines[begin:end])


def _reader(begins: str, written: str) -> str:
    """Return the reader of a command or of a heading, "" for none."""
    for reader, pattern in _shapes()[begins]:
        if pattern.search(written) if begins == "command" else pattern.fullmatch(written):
            return reader
    return ""


@cache
def _shapes() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    shapes: dict[str, list[tuple[str, re.Pattern[str]]]] = {"command": [], "heading": [], "part": []}
    rows = read_facts("pasted_outputs").select("reader", "begins", "pattern").iter_rows()
    for reader, begins, pattern in rows:
        shapes[begins].append((reader, re.compile(pattern)))
    return shapes
