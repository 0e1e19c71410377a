"""Weeks without any row between busy ones: what happened in them is not known."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import polars as pl

LEAST_EMPTY = 21
"""Fewer days without a row are a holiday."""
LEAST_ASIDE = 20
"""So many rows in as many days before, and after, make days without any strange."""
MOST = 2
"""Spans that are told, the longest."""


class EmptySpan(msgspec.Struct, frozen=True):
    """Days without a row, between rows.

    Attributes:
        first: The first of them.
        last: The last.
        before: Rows in as many days before.
        after: Rows in as many days afterwards.
    """

    first: date
    last: date
    before: int
    after: int

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def in_words(self) -> str:
        """From when to when it is, and how many rows lie beside it."""
        beside = f"{self.before:,} in the {self.days:,} days before and {self.after:,} in those after"
        return f"from {self.first} to {self.last}, with {beside}"


def empty_spans(times: pl.Series) -> list[EmptySpan]:
    """Return the longest spans of days without a row, where as many days before and after have many.

    Args:
        times: The instants of rows.
    """
    known = times.drop_nulls()
    if known.len() < 2 * LEAST_ASIDE:
        return []
    counted = known.dt.date().alias("day").value_counts().sort("day")
    days = counted.with_columns(next=pl.col("day").shift(-1)).drop_nulls()
    wide = days.filter((pl.col("next") - pl.col("day")).dt.total_days() > LEAST_EMPTY)
    one, found = timedelta(days=1), []
    for day, following in wide.select("day", "next").iter_rows():
        length = following - day - one
        before = pl.col("day").is_between(day - length, day, closed="right")
        after = pl.col("day").is_between(following, following + length, closed="left")
        beside = [int(counted.filter(side)["count"].sum()) for side in (before, after)]
        if min(beside) >= LEAST_ASIDE:
            found.append(EmptySpan(day + one, following - one, *beside))
    return sorted(sorted(found, key=lambda each: -each.days)[:MOST], key=lambda each: each.first)
