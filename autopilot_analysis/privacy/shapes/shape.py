"""What a shape is: a pattern, what of a match is looked at, and what that is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

Found = Iterable[tuple[str, str]]
"""Kind and text of identifiers."""


class Shape(NamedTuple):
    """What can be told by its shape alone."""

    pattern: str
    """Linear in Polars' regular expressions."""
    near: str
    """A cheaper pattern that every text with a match holds; none where the pattern is cheap itself."""
    part: re.Pattern[str]
    """What of a match is looked at: its first group, or all of it where it has none."""
    kind: str | None
    """What that part is; none where only a closer look tells."""
    reading: str | None
    """The name of that closer look."""

    def parts(self, match: str) -> Iterable[str]:
        """Yield what of a match is looked at.

        Args:
            match: What the pattern found.
        """
        if found := self.part.search(match):
            yield found[found.re.groups]


def matches(texts: pl.Series, pattern: str, near: str = "") -> list[str]:
    """Return what a pattern finds in texts, each once, in order.

    A pattern that nothing can match is not compiled: a wide one costs more than the search of a short text.

    Args:
        texts: What is searched.
        pattern: A regular expression as Polars takes it.
        near: A cheaper one that every text with a match holds.
    """
    close = texts.filter(texts.str.contains(near)) if near else texts
    if close.is_empty():
        return []
    hits = close.filter(close.str.contains(pattern))
    return hits.str.extract_all(pattern).explode().drop_nulls().unique(maintain_order=False).sort().to_list()
