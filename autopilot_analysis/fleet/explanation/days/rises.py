"""Since when something comes more often, where a list holds that it came and not how often it could have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.explanation.days.dating import EPOCH, PRIOR, Dated, dated_by
from autopilot_analysis.fleet.explanation.days.series import FALSE_ALARM
from autopilot_analysis.fleet.explanation.days.windows import LEAST_DAYS

SHUFFLES = 9_999
"""Orders of the days with which the one that was is compared."""
SEED = 20260310
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rise:
    """A day from which something came more often, to the end of the list.

    Attributes:
        dated: The day and the days it may be.
        before: How often it came before that day.
        after: How often from then on.
        days_before: Days of the list before it.
        days_after: Days of the list from then on.
        p: How often days in any other order show a rise as clear.
    """

    dated: Dated
    before: int
    after: int
    days_before: int
    days_after: int
    p: float


def find_rise(days: pl.Series, first: date, last: date) -> Rise | None:
    """Return the day from which something came more often, None where chance may have ordered the days.

    A day counts by its rank among all days, so that one burst moves little; each way to cut the days in two
    is looked at, and the clearest is compared with that of days in any order (a permutation test).

    Args:
        days: The day of each time that it came.
        first: The first day of the list.
        last: Its last day.
    """
    counts = _by_day(days, first, last)
    if counts.size < 2 * LEAST_DAYS or not counts.any():
        return None
    ranks = pl.Series(counts).rank("average").to_numpy()
    orders = np.random.default_rng(SEED).permuted(np.tile(ranks, (SHUFFLES, 1)), axis=1)
    gain = float(_clearest(ranks[None, :])[0])
    p = (1 + int((_clearest(orders) >= gain * (1 - 1e-9)).sum())) / (1 + SHUFFLES)
    if gain <= 0 or p >= FALSE_ALARM:
        return None
    dated = _dated(counts, first)
    cut = (dated.at - first).days
    after = int(counts[cut:].sum())
    return Rise(dated, int(counts.sum()) - after, after, cut, counts.size - cut, p)


def _by_day(days: pl.Series, first: date, last: date) -> Counts:
    """Return how often it came on each day of the list, those without it among them."""
    places = days.drop_nulls().to_physical().to_numpy().astype(np.int64) - (first - EPOCH).days
    return np.bincount(places, minlength=(last - first).days + 1)


def _clearest(ranks: Floats) -> Floats:
    """Return by how many standard errors the later days of the clearest cut lie higher, for each row."""
    size = ranks.shape[1]
    later = np.arange(size - LEAST_DAYS, LEAST_DAYS - 1, -1)
    sums = ranks[:, ::-1].cumsum(axis=1)[:, later - 1]
    spread = ranks.var(axis=1, keepdims=True) * later * (size - later) / (size - 1)
    clear: Floats = (
        (sums - later * ranks.mean(axis=1, keepdims=True)) / np.sqrt(np.maximum(spread, 1e-12))
    ).max(1)
    return clear


def _dated(counts: Counts, first: date) -> Dated:
    """Return the likeliest day and the days it may be, days that vary more than chance alone allowed for."""
    cuts = np.arange(LEAST_DAYS, counts.size - LEAST_DAYS + 1)
    before, whole = counts.cumsum()[cuts - 1], counts.sum()
    likely = _marginal(before, cuts) + _marginal(whole - before, counts.size - cuts)
    best = int(cuts[likely.argmax()])
    level = np.where(np.arange(counts.size) < best, counts[:best].mean(), counts[best:].mean())
    apart = float(((counts - level) ** 2 / np.maximum(level, PRIOR)).sum()) / max(counts.size - 2, 1)
    none = float(_marginal(np.array([whole]), np.array([counts.size]))[0])
    start = (first - EPOCH).days + LEAST_DAYS - 1
    return dated_by(start, likely / max(apart, 1.0), none / max(apart, 1.0), None)


def _marginal(times: Counts, days: Counts) -> Floats:
    """Return the log-likelihood of counts whose rate is unknown (Poisson, Jeffreys' prior)."""
    from scipy.special import gammaln  # scipy stays out of start-up

    value: Floats = gammaln(times + PRIOR) - (times + PRIOR) * np.log(days)
    return value
