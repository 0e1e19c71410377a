"""With what groups are compared where it is not all others: a period, or a group such as one profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT, Condition, Counts, Floats
from autopilot_analysis.fleet.frames import columns_of
from autopilot_analysis.groups import Group

_DAY = r"(\d{4}-\d{2}-\d{2})?"
_PERIOD = re.compile(rf"{_DAY}\s*\.\.\s*{_DAY}")


def within(frame: pl.DataFrame, reference: str | Mapping[str, str]) -> NDArray[np.bool_]:
    """Tell which rows belong to a reference; an attempt of which that is unknown does not.

    Args:
        frame: Attempts.
        reference: A period `2026-01-01..2026-01-31`, both days counted in and either left out for an open
            end; or a group, `column=value` with commas between or a mapping.

    Raises:
        BadInput: It is neither.
        UnknownName: No such column.
    """
    try:
        inside = _inside(frame, reference)
    except ValueError as error:
        raise BadInput(f"{error}; a period is written 2026-01-01..2026-01-31") from None
    return frame.select(inside.fill_null(value=False).alias("inside"))["inside"].to_numpy()


def _inside(frame: pl.DataFrame, reference: str | Mapping[str, str]) -> pl.Expr:
    period = _PERIOD.fullmatch(reference.strip()) if isinstance(reference, str) else None
    if period is None:
        where = Group.of(reference) if isinstance(reference, Mapping) else Group.parse(reference)
        columns_of(frame, tuple(where))
        return where.filter()
    columns_of(frame, (), "started_at")
    first, last = (date.fromisoformat(day) if day else None for day in period.groups())
    day = pl.col("started_at").dt.date()
    known = day.is_not_null()
    return known & (day >= first if first else known) & (day <= last if last else known)


@dataclass
class Reference:
    """The attempts that others are compared with, like with like.

    Attributes:
        counts: Its attempts and hits, by the same attributes as those that are compared.
        lacking: Of each attribute, which values it has too rarely: these are left out of a comparison.
        remains: Which of its attempts were not taken away.
    """

    counts: Counts
    lacking: list[NDArray[np.bool_]] = field(init=False)
    remains: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        """Find the values that it lacks."""
        self.remains = np.ones(self.counts.hit.size, dtype=bool)
        self.lacking = [self.by(attribute) < SUPPORT for attribute in range(len(self.counts.sizes))]

    @property
    def share(self) -> float:
        """The share of hits among all its attempts."""
        n, k = self.counts.of(np.ones_like(self.remains))
        return k / n

    @property
    def left(self) -> tuple[int, int]:
        """Attempts and hits that were not taken away."""
        return self.counts.of(self.remains)

    def by(self, attribute: int) -> Floats:
        """Return how many of all its attempts have each value of an attribute."""
        every = np.ones_like(self.remains)
        return self.counts.by(self.counts.coded[attribute], every, self.counts.sizes[attribute])[0]

    def take_away(self, group: tuple[Condition, ...]) -> None:
        """Remove the attempts of a group that was found, so that what is left is compared like with like."""
        rows = self.counts.inside(group) & self.remains
        self.remains &= ~rows
        self.counts.take_away(np.flatnonzero(rows))

    def of(self, group: tuple[Condition, ...]) -> tuple[int, int]:
        """Return attempts and hits of those like a group: the same values, as far as there are such here."""
        alike = tuple((a, value) for a, value in group if not self.lacking[a][value])
        return self.counts.of(self.counts.inside(alike))

    def alike(self) -> tuple[Floats, Floats]:
        """Return for every cell the attempts and hits of those like it that are left."""
        n, k = np.zeros((2, self.counts.n.size))
        for attributes, table in self.counts.tables.items():
            n[table], k[table] = (
                self._alike(each[table], attributes) for each in (self.counts.n, self.counts.k)
            )
        return n, k

    def _alike(self, cells: Floats, attributes: tuple[int, ...]) -> Floats:
        """Return the cells of one table, those of values that are lacking summed over that attribute."""
        found = cells.reshape([self.counts.sizes[a] for a in attributes])
        for axis, attribute in enumerate(attributes):
            shape = [1] * len(attributes)
            shape[axis] = -1
            lacking = self.lacking[attribute].reshape(shape)
            found = np.where(lacking, found.sum(axis=axis, keepdims=True), found)
        return found.ravel()
