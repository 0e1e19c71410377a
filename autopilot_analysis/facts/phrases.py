"""How people write, whatever they write about: facts/phrases.csv has the words, a row for each language."""

from __future__ import annotations

import re

from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.patterns import late

_ADDRESS = late(r"(?i)\bhttps?://\S{1,500}")


def words(*names: str, before: str = "", behind: str = "") -> re.Pattern[str]:
    r"""Return what finds words of facts/phrases.csv, whatever the case of their letters.

    Args:
        names: Their names there; those of any are found.
        before: A pattern of what stands right before them.
        behind: A pattern of what stands right behind them.

    Example:
        >>> words("MENDED", before=r"\b", behind=r"\b").search("Solved the problem.")[0]
        'Solved'
    """
    found = "|".join(map(shared_pattern, names))
    return late(f"{before}(?:{found}){behind}", re.IGNORECASE | re.MULTILINE)


_TROUBLE, _NO_TROUBLE = words("TROUBLE"), words("NO TROUBLE")


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
    plain = _NO_TROUBLE.sub("", _ADDRESS.sub("", text))
    return _TROUBLE.search(plain) is not None
