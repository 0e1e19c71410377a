"""Lines that begin with a time: by how many of them a text is a log, and which of a mail a program wrote."""

from __future__ import annotations

from collections.abc import Sequence

from autopilot_analysis.patterns import late

INSTANT = r"^\[?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:[+-]\d\d:\d\d|Z))\b"
"""A time that says its offset, at the beginning of a line."""
LOCAL = r"^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)\b"
"""A time without its offset."""
SLASHED = r"^\[?(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}:\d\d:\d\d [AP]M)\b"
"""A time whose first two numbers are month and day, in either order."""
LEAST_DATED = 3
"""So many lines begin with a time before a text is a log: a note may begin with when it was written."""
DATED_SHARE = 0.5
"""At least this share of a log's lines begin with a time; the others belong to the record above them."""
_LEVEL = r"\W{0,4}(?:TRC|TRACE|DBG|DEBUG|INF|INFO|INFORMATION|WRN|WARN|WARNING|ERR|ERROR|FTL|FATAL)\b"
_OFFSET = r"(?:[.,:]\d{1,7})?(?:Z|[+-]\d\d:\d\d)?\b"
_DATED = late(rf"\[?(?:\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}[T ,]{{1,2}})?\d{{1,2}}:\d\d:\d\d{_OFFSET}")
_PARTS_OR_LEVEL = rf"(?:[.,]\d{{3,7}}\b|(?:[.,]\d{{1,2}})?\]?{_LEVEL})"
_BY_PROGRAM = late(
    rf"\[?\d{{4}}-\d\d-\d\d(?:T\d\d:\d\d:\d\d| \d\d:\d\d:\d\d{_PARTS_OR_LEVEL})"
    rf"|\[?\d{{1,2}}/\d{{1,2}}/\d{{4}},? \d{{1,2}}:\d\d:\d\d [AP]M\]?{_LEVEL}"
)
"""A time that nobody types: with a T or parts of a second in it, or with a level behind it."""
_SPOKEN = late(r"[\])\s,-]{1,4}\S{1,24}(?: \S{1,24}){0,2}: \S")
"""Who speaks, right behind the time, as a chat is saved."""
_MARGIN = " \t>|"
"""What a mail puts before each line that it quotes."""
_SEARCHED = 200
"""Characters of a line in which its time and what stands behind it are looked for."""


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


def by_a_program(line: str) -> bool:
    """Tell whether a line of any text is one of a log, by a time at its beginning that no person types.

    Args:
        line: Without its end; the margin of a mail may stand before it.
    """
    return _BY_PROGRAM.match(line[:_SEARCHED].lstrip(_MARGIN)) is not None
