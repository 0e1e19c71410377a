"""The record by which PowerShell shows an error on its screen, which has several lines.

The message comes first, behind the command that met the error, then the place, then lines that begin with
`+`: `CategoryInfo` and `FullyQualifiedErrorId` are spelt alike in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

CATEGORY = r"^[\s>|]*\+ CategoryInfo\s+: \w"
"""The line of an error's record that is alike in every language."""
_PART = re.compile(r"[\s>|]*\+ ")
_NAMED = re.compile(r"\+ (?:CategoryInfo|FullyQualifiedErrorId)\b")
_SPOT = re.compile(r": ?\d+ \D{0,30}: ?\d+\s*$")
"""Where the command stands: line and character, in the language of Windows."""
_FIRST = re.compile(r"[\s>|]*(?:[\w.\\:-]+(?:\.ps1)?) : \S")
_MARGIN = " \t\r>|"
"""What a mail puts before each line that it quotes."""
_LONGEST = 6
"""So many lines may an error's message have before the place that it names."""
_CATEGORY = re.compile(CATEGORY)
_SCRIPT = re.compile(
    r"(?i)(?P<script>(?:[a-z]:|\\\\)[^:*?\"<>|\n]{1,240}\.psm?1): ?(?P<line>\d{1,6})\b[^\n:]{1,30}: ?\d+\s*$"
)
"""The place of a command in a script, with its line."""

_FLAT = re.compile(
    r"(?i)(?:^|: )(?P<said>[a-z][\w.-]{2,60} : \S.{3,900}?) \w{1,12} "
    r"(?:[a-z]:|\\\\)[^:*?\"<>|\n]{1,240}\.psm?1:\d{1,6} "
)
"""A message with its command, before the place of a script in which it was met."""
_HINT = " NOTE: "
"""Begins what Windows adds about where to look further."""


def error_records(lines: Sequence[str]) -> Iterator[range]:
    """Yield where each record of an error stands among lines, from its message to its last part.

    Args:
        lines: Without their ends.
    """
    end = 0
    for category, line in enumerate(lines):
        if category >= end and _CATEGORY.match(line):
            end = category + 1
            while end < len(lines) and _PART.match(lines[end]):
                end += 1
            yield range(_first_line(lines, category), end)


def in_one_line(lines: Sequence[str]) -> list[str]:
    """Return lines with each record of an error in its first one, and nothing in its others.

    Of the parts behind the message those are kept that name the error, not the command and its marks.

    Args:
        lines: Without their ends.
    """
    joined = list(lines)
    for record in error_records(lines):
        own = [lines[at].strip(_MARGIN) for at in record]
        message = [line for line in own if not _PART.match(line) and not _SPOT.search(line)]
        named = [line for line in own if _NAMED.match(line)]
        joined[record.start : record.stop] = [" ".join([*message, *named]), *[""] * (len(record) - 1)]
    return joined


class ScriptError(NamedTuple):
    """An error that PowerShell shows of a script.

    Attributes:
        command: What met it.
        message: What is said of it.
        script: The path of the script.
        line: Where in it the command stands.
    """

    command: str
    message: str
    script: str
    line: int

    @property
    def name(self) -> str:
        """The script without its folder."""
        return re.split(r"[\\/]", self.script)[-1]


def error_texts(lines: Sequence[str]) -> Iterator[str]:
    """Yield the record of each error among lines, its own lines as they are.

    Args:
        lines: Without their ends.
    """
    return ("\n".join(lines[at] for at in record) for record in error_records(lines))


def script_error(record: str) -> ScriptError | None:
    """Return what a record says of the script in which an error was met; None where it names no script.

    Args:
        record: Its lines, or anything else.
    """
    lines = [line.strip(_MARGIN) for line in record.splitlines()]
    if not any(map(_CATEGORY.match, lines)):
        return None
    for number, line in enumerate(lines[: _LONGEST + 1]):
        if number and (hit := _SCRIPT.search(line)):
            command, _, message = " ".join(" ".join(lines[:number]).split()).partition(" : ")
            return ScriptError(command, message, hit["script"], int(hit["line"])) if message else None
    return None


def flat_message(text: str) -> str:
    r"""Return what an error of a script says where a log wrote its record, with its command; else "".

    Args:
        text: Such a record; where its lines ended does not count.

    Example:
        >>> flat_message(r"exit code 1: Get-Item : Access is denied. At C:\a.ps1:3 char:1 + CategoryInfo")
        'Get-Item : Access is denied.'
    """
    found = _FLAT.search(" ".join(text.split()))
    return found["said"].partition(_HINT)[0].rstrip() if found else ""


def _first_line(lines: Sequence[str], category: int) -> int:
    """Return where the record of an error begins: at the command that met it, else at the place."""
    line = category
    while line and _PART.match(lines[line - 1]):
        line -= 1
    if not line or not _SPOT.search(lines[line - 1]):
        return line
    place = line - 1
    above = range(place - 1, max(-1, place - 1 - _LONGEST), -1)
    return next((number for number in above if _FIRST.match(lines[number])), place)
