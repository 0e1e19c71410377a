"""What a shape is: a pattern, and what of a match is the identifier."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import polars as pl

from autopilot_analysis.privacy.plausible import GUID

Found = Iterable[tuple[str, str]]
"""Kind and text of identifiers."""


class Shape(NamedTuple):
    """What can be told by its shape alone."""

    pattern: str
    """Linear in Polars' regular expressions."""
    taken: Callable[[str], Found]
    """From a match to the identifiers in it; none when a closer look says otherwise."""
    near: str = ""
    """A cheaper pattern that every text with a match holds; none where the pattern is cheap itself."""


def whole(kind: str) -> Callable[[str], Found]:
    """Return what takes the whole match.

    Args:
        kind: What it is.
    """
    return lambda match: [(kind, match)]


def ending(kind: str, signs: int) -> Callable[[str], Found]:
    """Return what takes the last so many signs of a match.

    Args:
        kind: What they are.
        signs: How many.
    """
    return lambda match: [(kind, match[-signs:])]


def last(kind: str, separators: str) -> Callable[[str], Found]:
    """Return what takes a match from its last separator on.

    Args:
        kind: What stands there.
        separators: The pattern of a separator.
    """
    return lambda match: [(kind, re.split(separators, match)[-1])]


def ids(match: str) -> Found:
    """Return every GUID of a match as an id.

    Args:
        match: Where they stand.
    """
    return [("id", found.strip("{}")) for found in re.findall(GUID, match)]


def matches(texts: pl.Series, pattern: str, near: str = "") -> list[str]:
    """Return what a pattern finds in texts, each once, in order.

    Args:
        texts: What is searched.
        pattern: A regular expression as Polars takes it.
        near: A cheaper one that every text with a match holds.
    """
    close = texts.filter(texts.str.contains(near)) if near else texts
    hits = close.filter(close.str.contains(pattern))
    return hits.str.extract_all(pattern).explode().drop_nulls().unique(maintain_order=False).sort().to_list()
