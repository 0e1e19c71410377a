"""The record by which PowerShell shows an error on its screen, which has several lines.

The message comes first, behind the command that met the error, then the place, then lines that begin with
`+`: `CategoryInfo` and `FullyQualifiedErrorId` are spelt alike in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
