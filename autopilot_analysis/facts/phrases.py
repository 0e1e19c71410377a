"""How people write, whatever they write about: facts/phrases.csv has the words, a row for each language."""

from __future__ import annotations

import re
from functools import cache

from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.patterns import late

_ADDRESS = late(r"(?i)\bhttps?://\S{1,500}")


@cache
def words(name: str, *, before: str = "", behind: str = "") -> re.Pattern[str]:
    """Return what finds words of facts/phrases.csv, whatever the case of their letters.

    Args:
        name: Their name there.
        before: A pattern of what stands right before them.
        behind: A pattern of what stands right behind them.
    """
    return re.compile(f"{before}(?:{shared_pattern(name)}){behind}", re.IGNORECASE)


def tells_trouble(text: str) -> bool:
    """Tell whether a text speaks of anything that is not well, or asks; that nothing failed is no trouble.

    Args:
        text: Lines of at most a few thousand characters.

    Example:
        >>> tells_trouble("The deployment ended without an error.")
        False
        >>> tells_trouble("The deployment ended, but the desktop stays black.")
        True
    """
    plain = words("NO TROUBLE").sub("", _ADDRESS.sub("", text))
    return words("TROUBLE").search(plain) is not None
