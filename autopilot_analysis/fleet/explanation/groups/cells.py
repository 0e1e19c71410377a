"""Attempts and hits of every group of one or more conditions, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.explanation.groups.counting import (
    LEAST_HITS,
    MOST_CELLS,
    SUPPORT,
    number_values,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """Counts of the groups of one set of columns.

    Attributes:
        names: The columns.
        values: Of each group, the value of each column.
        n: Units, a row for each group and a column for each day.
        k: Hits of the same shape, for each kind of hit.
    """

    names: tuple[str, ...]
    values: list[tuple[str, ...]]
    n: Floats
    k: list[Floats]


def count_cells(
    rows: pl.DataFrame, names: list[str], depth: int, days: Ints, kinds: list[NDArray[np.bool_]]
) -> Iterator[Cells]:
    """Yield the counts of every set of up to `depth` columns, groups below the least support left out.

    Args:
        rows: Units.
        names: Columns that name groups.
        depth: Most conditions.
        days: The day of each unit, from 0.
        kinds: Which units are hits, for each kind of hit; the first holds all.
    """
    coded = [
        (name, values, codes)
        for name, (values, codes) in zip(names, number_values(rows, names, SUPPORT), strict=True)
        if len(values) > 1 or (values and not codes.all())
    ]
    for count in range(1, depth + 1):
        for chosen in combinations(coded, count):
            sizes = [len(values) + 1 for _, values, _ in chosen]
            if prod(sizes) <= MOST_CELLS:
                cell = np.zeros(days.size, dtype=np.int64)
                for (_, _, codes), length in zip(chosen, sizes, strict=True):
                    cell = cell * length + codes
                labels = [values for _, values, _ in chosen]
                yield _counted(tuple(name for name, _, _ in chosen), labels, cell, days, kinds)


def _counted(
    names: tuple[str, ...],
    labels: list[list[str]],
    cell: Ints,
    days: Ints,
    kinds: list[NDArray[np.bool_]],
) -> Cells:
    """Count attempts and hits by group and day."""
    sizes, size = [len(values) + 1 for values in labels], int(days.max()) + 1
    total = np.bincount(cell, minlength=prod(sizes))
    hits = np.bincount(cell[kinds[0]], minlength=prod(sizes))
    parts = np.stack(np.unravel_index(np.arange(prod(sizes)), sizes))
    usable = (total >= SUPPORT) & (total <= days.size - SUPPORT) & (hits >= LEAST_HITS) & (parts > 0).all(0)
    member = np.flatnonzero(usable)[: max(MOST_CELLS // size, 1)]
    row = np.full(prod(sizes), -1)
    row[member] = np.arange(member.size)
    place = row[cell]

    def daily(which: NDArray[np.bool_]) -> Floats:
        own = place[which] * size + days[which]
        return np.bincount(own, minlength=member.size * size).reshape(member.size, size).astype(float)

    inside = place >= 0
    values = [tuple(labels[axis][parts[axis, each] - 1] for axis in range(len(sizes))) for each in member]
    return Cells(names, values, daily(inside), [daily(inside & kind) for kind in kinds])
