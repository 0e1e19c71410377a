"""Searches texts for every shape, and decides at the end which dotted numbers are addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import BRACED
from autopilot_analysis.privacy.shapes import addresses, certificates, credentials, hosts, people, things
from autopilot_analysis.privacy.shapes.shape import Found, Shape, matches

READERS = {
    **people.READERS,
    **addresses.READERS,
    **hosts.READERS,
    **things.READERS,
    **certificates.READERS,
    **credentials.READERS,
}
"""What takes a closer look, by the name that the facts call it."""


@cache
def shapes() -> tuple[Shape, ...]:
    """Return every shape; what is of two kinds is of the first."""
    return tuple(
        Shape(
            _whole(row["pattern"]), row["near"] or "", _part(row["part_pattern"]), row["kind"], row["reading"]
        )
        for row in read_facts("identifier_shapes").iter_rows(named=True)
    )


def _whole(pattern: str) -> str:
    """Return a pattern of the facts with what its names stand for."""
    return pattern.replace("<GUID>", BRACED).replace("<NAME>", certificates.NAME_PART)


def _part(pattern: str | None) -> re.Pattern[str]:
    return re.compile(pattern or r"(?s).*")


def read_match(shape: Shape, match: str) -> Found:
    """Yield kind and text of the identifiers in a match; none when a closer look says otherwise.

    Args:
        shape: What matched.
        match: What it found.
    """
    for part in shape.parts(match):
        if shape.kind is not None:
            yield shape.kind, part
        elif shape.reading is not None:
            yield from READERS[shape.reading](part)


def from_shapes(texts: pl.Series, versions: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield kind and text of what has the shape of an identifier.

    Args:
        texts: What is read, without nulls.
        versions: What is known to be a version, however much it looks like an address.
    """
    for shape in shapes():
        for match in matches(texts, shape.pattern, shape.near):
            yield from read_match(shape, match)
    known = set(versions)
    plain: list[str] = []
    for match in matches(texts, addresses.DOTTED):
        candidates, others = addresses.numbers(match)
        plain += candidates
        known.update(others)
    yield from addresses.unversioned(plain, known)
