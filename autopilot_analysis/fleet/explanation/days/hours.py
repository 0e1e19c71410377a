"""Hours and days that were worse, in a report too short or too small for a series of days: an exact scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.chances import log_at_least, log_at_least_unsure
from autopilot_analysis.fleet.explanation.days.series import FALSE_ALARM, LEAST_ASIDE, ORDINARY
from autopilot_analysis.fleet.explanation.groups.counting import LEAST_HITS, SUPPORT
from autopilot_analysis.fleet.explanation.groups.searching import PRICE
from autopilot_analysis.tables.outcomes import ENDED

SHORT = 14
"""A report of so many days shows neither how far days lie apart nor a rhythm of the week."""

LEAST_SCANNED = 12
"""Fewer units show no time that was worse."""

LEAST_WITHIN = LEAST_ASIDE
"""A stretch of fewer units, or one that leaves fewer to the others, is not looked at."""

MOST_STRETCHES = 4

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stretch:
    """A time in which units were hit more often than at all others.

    Attributes:
        at: The start of its first hour, of its first day where it holds whole days; None: from the beginning.
        until: The end of its last hour, or day; None: to the end.
        log_p: Logarithm of the chance of one like it anywhere in the report.
    """

    at: datetime | None
    until: datetime | None
    log_p: float

    def meets(self, other: Stretch) -> bool:
        """Tell whether a moment is of both.

        Args:
            other: Another stretch.
        """
        early = self.at is None or other.until is None or self.at < other.until
        return early and (other.at is None or self.until is None or other.at < self.until)

    def holds(self) -> pl.Expr:
        """Return which units began in it."""
        start = pl.col("started_at")
        after = pl.lit(value=True) if self.at is None else start >= self.at
        return after if self.until is None else after & (start < self.until)


def is_short(rows: pl.DataFrame, measure: str) -> bool:
    """Tell whether a report is to be scanned hour by hour, since a series of days shows nothing in it.

    Args:
        rows: Judged units with `day` and `started_at`.
        measure: What was judged; spans of time are not scanned.
    """
    if measure not in ENDED or "started_at" not in rows.columns or rows.height < LEAST_SCANNED:
        return False
    return rows.height < 2 * SUPPORT or rows["day"].n_unique() <= SHORT


def find_stretches(rows: pl.DataFrame, measure: str) -> list[Stretch]:
    """Return the times that were worse than all others, the surest first.

    Every run of hours with units is compared with all others by Fisher's exact test, and by how far hours lie
    apart while nothing happens (beta-binomial, `ORDINARY` on the logit), whichever leaves more to chance; the
    chance counts every run (Bonferroni). Then its units are taken away, and the rest is looked at again.

    Args:
        rows: Judged units with `started_at`, `value` (1 or 0) and `day`.
        measure: failed, abandoned or succeeded; of successes fewer are worse.
    """
    found: list[Stretch] = []
    hit = pl.col("value") if measure != "succeeded" else 1.0 - pl.col("value")
    left = rows.select("started_at", hour=pl.col("started_at").dt.truncate("1h"), hit=hit)
    while len(found) < MOST_STRETCHES and left.height >= LEAST_SCANNED:
        best = _surest(left)
        if best is None or best.log_p >= np.log(FALSE_ALARM) or any(map(best.meets, found)):
            break
        found.append(best)
        left = left.filter(~best.holds())
    return found


def _surest(rows: pl.DataFrame) -> Stretch | None:
    """Return the run of hours that explains most, None where none can.

    A run that holds two outages and the good hours between them is looked at again by itself.
    """
    hours = rows.group_by("hour").agg(pl.len(), pl.col("hit").sum()).sort("hour")
    n, k = (hours[name].to_numpy().astype(float) for name in ("len", "hit"))
    if (run := _best_run(n, k)) is None:
        return None
    begin, end, _ = run
    while (inner := _best_run(n[begin:end], k[begin:end])) is not None and inner[2] > 2 * PRICE:
        begin, end = begin + inner[0], begin + inner[1]
    chance = _chance(n[begin:end].sum(), k[begin:end].sum(), n.sum(), k.sum())
    log_p = chance + float(np.log(n.size * (n.size + 1) / 2))
    return Stretch(*_ends(hours["hour"].to_list(), begin, end), min(log_p, 0.0))


def _best_run(n: Floats, k: Floats) -> tuple[int, int, float] | None:
    """Return where the run whose hits differ most begins and ends, and its gain; None where none is worse."""
    first, last = np.triu_indices(n.size)
    sums = [np.concatenate([[0.0], each.cumsum()]) for each in (n, k)]
    own_n, own_k = (each[last + 1] - each[first] for each in sums)
    gain = _gains(own_n, own_k, n.sum(), k.sum())
    place = int(gain.argmax())
    return (int(first[place]), int(last[place]) + 1, float(gain[place])) if gain[place] > 0 else None


def _gains(n: Floats, k: Floats, all_n: float, all_k: float) -> Floats:
    """Return how much likelier the hits of each run are at its own share than at that of all others."""
    usual = (all_k - k + 0.5) / (all_n - n + 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        more = np.nan_to_num(k * np.log(k / n / usual))
        less = np.where(k < n, (n - k) * np.log((1 - k / n) / (1 - usual)), 0.0)
    usable = (n >= LEAST_WITHIN) & (all_n - n >= LEAST_WITHIN) & (k >= LEAST_HITS) & (k > n * usual)
    return np.where(usable, more + less, 0.0)


def _chance(n: float, k: float, all_n: float, all_k: float) -> float:
    """Return the logarithm of the chance of so many hits or more in one run."""
    rest_k, rest_n = all_k - k + 0.5, all_n - n + 1.0
    known = 1.0 / (1.0 / rest_k + ORDINARY**2)
    apart = log_at_least_unsure(round(k), round(n), known, known * (rest_n - rest_k) / rest_k)
    fisher = log_at_least(round(k), round(all_n), round(all_k), round(n))
    return max(fisher, apart)


def _ends(times: list[datetime], begin: int, end: int) -> tuple[datetime | None, datetime | None]:
    """Return where a run begins and ends: at days where it holds whole days, else at hours."""
    at, until = times[begin], times[end - 1] + HOUR
    if not any(_within_a_day(times, cut) for cut in (begin, end)):
        at, until = _midnight(at), _midnight(times[end - 1]) + DAY
    return at if begin else None, until if end < len(times) else None


def _within_a_day(times: list[datetime], place: int) -> bool:
    """Tell whether the hours on either side of a cut are of one day."""
    return 0 < place < len(times) and times[place - 1].date() == times[place].date()


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
