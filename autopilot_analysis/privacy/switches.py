"""Identifiers handed to a command: what stands behind a switch such as -ComputerName or /ru."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.labels import identifiers
from autopilot_analysis.privacy.plausible import identifiers_in
from autopilot_analysis.privacy.shapes import matches

VALUE = (
    r"(?:\\?[\"'](?P<quoted>[^\"'\\\r\n]{2,120})"
    r"|(?P<plain>[^\s\"',;|()\[\]{}<>/-][^\s\"',;|()\[\]{}<>]{1,120}))"
)
"""What a switch is given: in quotes, or up to the next blank."""


@cache
def switches() -> dict[str, str]:
    """Return the names of switches that are given an identifier, letters and digits only, and its kind."""
    labels = identifiers().filter(pl.col("ambiguous").is_null()).select("label", "kind").rows()
    named = read_facts("switches").select("switch", "kind").rows()
    return {re.sub(r"[^a-z0-9]", "", name): kind for name, kind in labels + named}


def from_switches(texts: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield kind and text of what commands are given.

    Args:
        texts: What is read, without nulls.
    """
    names = "|".join(sorted(switches(), key=len, reverse=True))
    pattern = rf"(?i)(?:^|[\s\"'])(?:--?|/)(?P<name>{names})(?:[:=]|[ \t]{{1,4}}){VALUE}"
    taken = re.compile(pattern)
    for match in matches(texts, pattern):
        if found := taken.match(match):
            kind = switches()[found["name"].lower()]
            yield from identifiers_in(kind, found["quoted"] or found["plain"])
