"""What somebody asks about in the words that they send along (facts/asked_about.csv).

A question proves nothing of a device: it says what the answer must be about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from autopilot_analysis.facts import read_facts

LONGEST = 40
"""Lines of a question at most; an article or a guide has more."""
_SEARCHED = 1000


def asked_about(lines: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Yield each subject of a question once, with the line that names it first, from 0, and its words.

    Args:
        lines: Of a text, without their ends.
    """
    if sum(bool(line.strip()) for line in lines) > LONGEST:
        return
    for subject, pattern in _subjects():
        named = (
            (subject, at, hit[0])
            for at, line in enumerate(lines)
            if (hit := pattern.search(line[:_SEARCHED])) is not None
        )
        if (first := next(named, None)) is not None:
            yield first


@cache
def _subjects() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_facts("asked_about").select("subject", "pattern").iter_rows()
    return tuple((subject, re.compile(pattern)) for subject, pattern in rows)
