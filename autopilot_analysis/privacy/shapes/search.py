"""Searches texts for every shape, and decides at the end which dotted numbers are addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from autopilot_analysis.privacy.shapes import addresses, certificates, credentials, hosts, people, things
from autopilot_analysis.privacy.shapes.shape import matches

SHAPES = {
    **people.SHAPES,
    **addresses.SHAPES,
    **hosts.SHAPES,
    **things.SHAPES,
    **certificates.SHAPES,
    **credentials.SHAPES,
}
"""Every shape; what is of two kinds is of the first."""


def from_shapes(texts: pl.Series, versions: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield kind and text of what has the shape of an identifier.

    Args:
        texts: What is read, without nulls.
        versions: What is known to be a version, however much it looks like an address.
    """
    for shape in SHAPES.values():
        for match in matches(texts, shape.pattern, shape.near):
            yield from shape.taken(match)
    known = set(versions)
    plain: list[str] = []
    for match in matches(texts, addresses.DOTTED):
        candidates, others = addresses.numbers(match)
        plain += candidates
        known.update(others)
    yield from addresses.unversioned(plain, known)
