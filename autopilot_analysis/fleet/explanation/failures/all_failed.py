"""Nearly all failed: there is nothing left that a group or a day could be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.groups.few import LEAST_FLEET

NEARLY_ALL, MOST_OTHERS = 0.9, 5
"""From this share of first attempts on that failed, so few others are nothing to compare with."""
IN_COMMON = (
    "Make sure that the list was not filtered to failures; then look at what all of them have in common "
    "(service health, changes in the tenant, network and proxy) before single devices."
)
"""What to do where nearly all failed."""


@dataclass(frozen=True)
class AllFailed:
    """Of n first attempts k failed, nearly all, on so many days from the first to the last."""

    k: int
    n: int
    days: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def in_short(self) -> str:
        """That nothing can be compared, as the first line says it."""
        if self.k == self.n:
            return "nothing succeeded, so neither groups nor days can be compared"
        verb = "is" if self.n - self.k == 1 else "are"
        return f"the {self.n - self.k:,} that did not fail {verb} too few to compare groups or days with"

    @property
    def in_words(self) -> str:
        """The same, and on which days they began."""
        when = ""
        if self.first is not None and self.last is not None:
            first, last = wording.short_day(self.first), wording.short_day(self.last)
            when = f", on {first}" if self.days == 1 else f", on {self.days:,} days from {first} to {last}"
        number = f"all {self.n:,}" if self.k == self.n else f"{self.k:,} of {self.n:,}"
        return wording.sentence(wording.capital(f"{number} first attempts failed{when}: {self.in_short}"))


def all_failed(units: pl.DataFrame) -> AllFailed | None:
    """Return how many of first attempts failed where that are nearly all; else None.

    Args:
        units: First attempts with `hit`, 1 where it failed, and `started_at`.
    """
    n, k = units.height, int(units["hit"].sum())
    if n < LEAST_FLEET or k < NEARLY_ALL * n or n - k > MOST_OTHERS:
        return None
    days = units.filter(pl.col("hit") > 0)["started_at"].drop_nulls().dt.date().unique().sort()
    return AllFailed(k, n, days.len(), days[0], days[-1]) if days.len() else AllFailed(k, n)
