"""Lines that begin with a time: by how many of them a text is a log, and which of a mail a program wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from autopilot_analysis.patterns import late

INSTANT = r"^\[?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:[+-]\d\d:\d\d|Z))\b"
"""A time that says its offset, at the beginning of a line."""
_BEFORE = r"^[\s>|]{0,8}\[?"
_CLOCK = r"(\d{1,2}:\d\d:\d\d)(?:[.,:]\d{1,7})?(?: ?([AaPp]\.?[Mm]\b\.?))?"
_BETWEEN = r"(?:T|,? {1,2}|_| ?- ?)"
YEAR_FIRST = rf"{_BEFORE}(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}}){_BETWEEN}{_CLOCK}"
"""A time without its offset: year, month, day, time of day, half of the day."""
YEAR_LAST = rf"{_BEFORE}(\d{{1,2}})([-./])(\d{{1,2}})[-./](\d{{4}}){_BETWEEN}{_CLOCK}"
"""A time whose first two numbers are month and day, in either order, with the sign between them."""
LEAST_DATED = 3
"""So many lines begin with a time before a text is a log: a note may begin with when it was written."""
DATED_SHARE = 0.5
"""At least this share of a log's lines begin with a time; the others belong to the record above them."""
_LEVEL = r"\W{0,4}(?:TRC|TRACE|DBG|DEBUG|INF|INFO|INFORMATION|WRN|WARN|WARNING|ERR|ERROR|FTL|FATAL)\b"
_OFFSET = r"(?:Z|[+-]\d\d:\d\d)?"
_DATED = late(
    rf"{_BEFORE}(?P<day>\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}{_BETWEEN})?(?P<clock>{_CLOCK}){_OFFSET}(?!\w)"
)
_PARTS_OR_LEVEL = rf"(?:[.,]\d{{3,7}}\b|(?:[.,]\d{{1,2}})?\]?{_LEVEL})"
_BY_PROGRAM = late(
    rf"\[?\d{{4}}-\d\d-\d\d(?:T\d\d:\d\d:\d\d| \d\d:\d\d:\d\d{_PARTS_OR_LEVEL})"
    rf"|\[?\d{{1,2}}/\d{{1,2}}/\d{{4}},? \d{{1,2}}:\d\d:\d\d [AP]M\]?{_LEVEL}"
    r"|\[?\d{4}/\d\d/\d\d \d\d:\d\d:\d\d [AP]M\b"
)
"""A time that nobody types: with a T or parts of a second in it, a level behind it, or the year before AM."""
_SPOKEN = late(r"[\])\s,-]{1,4}\S{1,24}(?: \S{1,24}){0,2}: \S")
"""Who speaks, right behind the time, as a chat is saved."""
_AROUND = " \t\r\n])-|:,;"
"""What stands between a time and the words behind it."""
_MARGIN = " \t>|"
"""What a mail puts before each line that it quotes."""
_SEARCHED = 200
"""Characters of a line in which its time and what stands behind it are looked for."""


class DatedLine(NamedTuple):
    """A line that begins with a time.

    Attributes:
        day: Its date as it is spelt; empty where it names none.
        time: Its time of day.
        text: What stands behind it.
    """

    day: str
    time: timedelta
    text: str


def dated_line(line: str) -> DatedLine | None:
    """Return the time at the beginning of a line and what stands behind it; None where it begins with none.

    Args:
        line: Without its end; the margin of a mail may stand before it.

    Example:
        >>> dated_line("4/14/2026 9:05:00 PM - copied").text
        'copied'
    """
    hit = _DATED.match(line[:_SEARCHED])
    if hit is None:
        return None
    hours, minutes, seconds = map(int, hit[3].split(":"))
    if hit[4]:
        hours = hours % 12 + 12 * (hit[4][0] in "Pp")
    time = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return DatedLine((hit["day"] or "").strip(" ,-_T"), time, line[hit.end() :].strip(_AROUND))


def is_log(lines: Sequence[str]) -> bool:
    """Tell whether a text is a log: most of its lines begin with a time, and no chat is saved so.

    Args:
        lines: Of the text, without their ends.

    Example:
        >>> is_log([f"2026-04-14 09:00:0{n} copied {n} files" for n in range(4)])
        True
    """
    written = [line[:_SEARCHED].strip() for line in lines if line.strip()]
    dated = [(line, hit.end()) for line in written if (hit := _DATED.match(line))]
    if len(dated) < max(LEAST_DATED, DATED_SHARE * len(written)):
        return False
    return any(_BY_PROGRAM.match(line) or not _SPOKEN.match(line[end:]) for line, end in dated)


def in_runs(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text that stand in a log which it quotes, every other one empty.

    Such a log is a run of dated lines that no chat is: nobody types the seconds of line after line.

    Args:
        lines: Of the text, without their ends.

    Example:
        >>> in_runs(["It stops:", "09:00:01 one", "09:00:02 two", "09:00:09 three", "Why?"])
        ['', '09:00:01 one', '09:00:02 two', '09:00:09 three', '']
    """
    kept = [""] * len(lines)
    written = [number for number, line in enumerate(lines) if line.strip(_MARGIN)]
    for dated, run in groupby(
        written, key=lambda number: _DATED.match(lines[number][:_SEARCHED]) is not None
    ):
        numbers = list(run)
        if dated and sum(not _of_a_chat(lines[number]) for number in numbers) >= LEAST_DATED:
            for number in numbers:
                kept[number] = lines[number]
    return kept


def _of_a_chat(line: str) -> bool:
    """Tell whether who speaks stands behind the time of a line."""
    hit = _DATED.match(line[:_SEARCHED])
    return hit is not None and _SPOKEN.match(line[hit.end() :]) is not None


def by_a_program(line: str) -> bool:
    """Tell whether a line of any text is one of a log, by a time at its beginning that no person types.

    Args:
        line: Without its end; the margin of a mail may stand before it.
    """
    return _BY_PROGRAM.match(line[:_SEARCHED].lstrip(_MARGIN)) is not None
