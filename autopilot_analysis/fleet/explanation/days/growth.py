"""What grows over months without a day on which it moved: a time or a share that creeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.days.series import BLOCK, normal_scores
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.explanation.units import first_tries, judged
from autopilot_analysis.fleet.measures.durations import SPANS
from autopilot_analysis.tables.outcomes import ENDED

LEAST_WEEKS = 10
"""What grew in fewer weeks is no matter of months."""

CHANCE = 0.01
"""Chance up to which weeks are in order by themselves (Kendall)."""

LEAST_GROWTH = {True: 2.5, False: 1.4}
"""A share (True) or a duration that grew by less, from the first third to the last, does what seasons do."""

WITHIN = 3.0
"""Growth goes on within the values of an attribute where it is so many standard errors away from none."""

PARTS = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Growth:
    """A level that grew: how it stood in the first, the middle and the last third of the time.

    Attributes:
        measure: An outcome or a span column.
        levels: Shares, or median minutes.
        counts: Attempts.
        early: The last day of the first third.
        late: The first day of the last third.
        smooth: Whether a straight line fits better than a step on any day.
    """

    measure: str
    levels: tuple[float, ...]
    counts: tuple[int, ...]
    early: date
    late: date
    smooth: bool = False

    @property
    def in_words(self) -> str:
        """The growth in one clause."""
        share = self.measure in ENDED
        levels = [
            wording.percent(each) if share else wording.span(timedelta(minutes=round(each)))
            for each in self.levels
        ]
        what = "time" if self.measure == "total" else wording.words(self.measure)
        name = f"share {self.measure}" if share else f"median {what}"
        early = f"{levels[0]} (until {self.early}, {self.counts[0]:,} attempts)"
        late = f"{levels[2]} (since {self.late}, {self.counts[2]:,} attempts)"
        return (
            f"{name} grew little by little, from {early} over {levels[1]} to {late}; no single day stands out"
        )


def growth_of(deployments: pl.DataFrame, measures: tuple[str, ...], names: list[str]) -> list[Growth]:
    """Return which levels grew week by week, whatever the attempts are named by.

    A mix that shifts to a slow site is none: growth goes on among attempts of one site.

    Args:
        deployments: One attempt a row.
        measures: Outcomes or span columns.
        names: Columns that name groups.
    """
    found = (_growth(deployments, measure, names) for measure in measures)
    return [each for each in found if each is not None]


def spans_of(deployments: pl.DataFrame) -> tuple[str, ...]:
    """Return the span columns that a fleet has, the whole time first.

    Args:
        deployments: One attempt a row.
    """
    return tuple(name for name in SPANS if name in deployments.columns)


def _growth(deployments: pl.DataFrame, measure: str, names: list[str]) -> Growth | None:
    units = first_tries(judged(deployments, measure)).drop_nulls("day")
    if units.height < PARTS * SUPPORT:
        return None
    days = units["day"].to_physical().to_numpy().astype(np.int64)
    days -= days.min()
    growth = _levels(units, days, measure)
    if growth is None or not _grew(growth.levels, share=measure in ENDED):
        return None
    values = units["value"].to_numpy() if measure in ENDED else normal_scores(units)
    if not _in_order(values, days):
        return None
    growth = replace(growth, smooth=_is_smooth(values, days))
    alike = (units[name].cast(pl.String) for name in names if name in units.columns)
    several = [each for each in alike if each.n_unique() > 1]
    return growth if all(_goes_on(values, days, each) for each in several) else None


def _levels(units: pl.DataFrame, days: NDArray[np.int64], measure: str) -> Growth | None:
    """Return the level of each third of the time; None where one has too few attempts."""
    size = int(days.max()) + 1
    if size < LEAST_WEEKS * BLOCK:
        return None
    part = pl.Series(np.minimum(days * PARTS // size, PARTS - 1))
    thirds = [units.filter(part == each) for each in range(PARTS)]
    if min(each.height for each in thirds) < SUPPORT:
        return None
    level = pl.col("value").mean() if measure in ENDED else pl.col("value").median()
    levels = tuple(float(each.select(level).item()) for each in thirds)
    early, late = thirds[0].select(pl.col("day").max()).item(), thirds[-1].select(pl.col("day").min()).item()
    return Growth(measure, levels, tuple(each.height for each in thirds), early, late)


def _grew(levels: tuple[float, ...], *, share: bool) -> bool:
    """Tell whether each third is above the one before it, and the last far above the first."""
    first, middle, last = levels
    return first < middle < last and last >= LEAST_GROWTH[share] * first


def _in_order(values: Floats, days: NDArray[np.int64]) -> bool:
    """Tell whether weeks stand in order of their levels more clearly than chance shows."""
    from scipy.stats import kendalltau  # scipy stays out of start-up

    weeks = days // BLOCK
    n, total = np.bincount(weeks), np.bincount(weeks, values)
    known = n > 0
    tau = kendalltau(np.flatnonzero(known), total[known] / n[known])
    return bool(tau.statistic > 0 and tau.pvalue < CHANCE)


def _is_smooth(values: Floats, days: NDArray[np.int64]) -> bool:
    """Tell whether a straight line fits better than a step on any day."""
    line = np.polynomial.Polynomial.fit(days, values, 1)
    left = float(((values - line(days)) ** 2).sum())
    n, total = (np.bincount(days, weights).cumsum()[:-1] for weights in (None, values))
    before, after = total**2 / np.maximum(n, 1), (values.sum() - total) ** 2 / np.maximum(values.size - n, 1)
    return left < float((values**2).sum() - (before + after).max())


def _goes_on(values: Floats, days: NDArray[np.int64], named: pl.Series) -> bool:
    """Tell whether values grow with time among attempts that one attribute names alike."""
    frame = pl.DataFrame({"value": values, "day": days.astype(float), "named": named})
    own = frame.select(pl.col("value", "day") - pl.col("value", "day").mean().over("named"))
    value, day = (own[name].to_numpy() for name in ("value", "day"))
    spread = np.sqrt(float((value**2).sum() * (day**2).sum()))
    if not spread:
        return False
    alike = min(float((value * day).sum()) / spread, 1 - 1e-12)
    return bool(alike * np.sqrt((value.size - 2) / (1 - alike**2)) > WITHIN)
