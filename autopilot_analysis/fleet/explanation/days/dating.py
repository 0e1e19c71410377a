"""Which day: every day a change may have come on, by its likelihood, and the set that holds 90 % of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.explanation.days.series import normal_scores
from autopilot_analysis.tables.outcomes import ENDED

HELD = 0.9
"""Share of the likelihood that the set of days holds."""

PRIOR = 0.5
"""Jeffreys' prior counts of each kind of end."""

RAMPS = (7, 14, 21)
"""Days a gradual change may take."""

GRADUAL = 3.0
"""By so much must a gradual change be likelier, in log-likelihood, than one on a day."""

LEAST_CODE_HITS = 3
"""Fewer hits of a code show nothing of its day."""

MOST_CODES = 40
"""So many codes, the most frequent, are looked at by themselves."""

EPOCH = date(1970, 1, 1)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dated:
    """The likeliest day of a change and the set around it.

    Attributes:
        at: The likeliest first day of the new level.
        low: First day of the smallest set that holds 90 % of the likelihood.
        high: Its last day.
        complete: The day by which a gradual change is complete, None for a change on a day.
        gain: How much likelier a change is than none, days weighed alike, as a logarithm.
    """

    at: date
    low: date
    high: date
    complete: date | None
    gain: float


def date_change(rows: pl.DataFrame, measure: str) -> Dated | None:
    """Return the day on which attempts came to a new level; None where all began on one day.

    The levels before and after are unknown and integrated out, so that a short side is not overrated. Of
    failures the code that grew most is a kind of end of its own: ordinary failures just before the day
    cannot pull it forward.

    Args:
        rows: Judged attempts with `day`, `value`, `class` and perhaps `code`.
        measure: An outcome or a span column.
    """
    days = rows["day"].to_physical().to_numpy().astype(np.int64)
    if not days.size or days.min() == days.max():
        return None
    start = int(days.min())
    places = days - start
    if measure in ENDED:
        likely = _of_kinds(places, _kinds(rows))
        ramped = _ramp_gain(places, rows["value"].to_numpy())
    else:
        scores = normal_scores(rows)
        likely, ramped = _of_scores(places, scores), (0.0, 0, 0)
    cuts = likely[1:]
    weights = np.exp(cuts - cuts.max())
    held = _smallest(weights)
    gain = float(cuts.max() + np.log(weights.mean()) - likely[0])
    at = start + 1 + _middle(weights)
    low, high = start + 1 + int(held[0]), start + 1 + int(held[-1])
    complete = None
    if ramped[0] > GRADUAL:
        at, complete = start + ramped[1], start + ramped[1] + ramped[2]
        low, high = min(low, at), max(high, complete)
    first, early, late = (EPOCH + timedelta(days=day) for day in (at, low, high))
    return Dated(first, early, late, None if complete is None else EPOCH + timedelta(days=complete), gain)


def _smallest(weights: Floats) -> NDArray[np.int64]:
    """Return the places of the smallest set with 90 % of the weight, those as likely as its last among it."""
    order = np.argsort(-weights, kind="stable")
    count = int(np.searchsorted(np.cumsum(weights[order]), HELD * weights.sum())) + 1
    least = weights[order[min(count, order.size) - 1]]
    return np.flatnonzero(weights >= least)


def _middle(weights: Floats) -> int:
    """Return the place of the largest weight, the middle one where several are equal."""
    top = np.flatnonzero(weights >= weights.max() * (1 - 1e-9))
    return int(top[top.size // 2])


def _kinds(rows: pl.DataFrame) -> NDArray[np.int64]:
    """Return 0 for what is no hit, 1 for hits of the code that grew most, 2 for other hits."""
    hit = rows["value"].to_numpy() > 0
    kinds = np.where(hit, 2, 0)
    if "code" not in rows.columns or not rows["code"].count():
        return kinds
    days = rows["day"].to_physical().to_numpy()
    places = days - days.min()
    often = rows.filter(pl.col("value") > 0)["code"].drop_nulls().value_counts(sort=True, name="hits")
    codes = often.filter(pl.col("hits") >= LEAST_CODE_HITS).head(MOST_CODES)["code"]
    grown = float(np.log(max(codes.len(), 1)))
    for code in codes:
        own = hit & (rows["code"] == code).fill_null(value=False).to_numpy()
        gain = step_gain(places, own)
        if gain > grown:
            grown, kinds = gain, np.where(own, 1, np.where(hit, 2, 0))
    return kinds


def step_gain(places: NDArray[np.int64], hit: NDArray[np.bool_]) -> float:
    """Return how much likelier hits are with a new level from the best day on than with one level.

    Args:
        places: The day of each attempt, from 0.
        hit: Which attempts are hits.
    """
    cuts = _of_kinds(places, hit.astype(np.int64))
    return float(cuts[1:].max() - cuts[0]) if cuts.size > 1 else 0.0


def _of_kinds(places: NDArray[np.int64], kinds: NDArray[np.int64]) -> Floats:
    """Return for each first day of the new level the log-likelihood of the kinds; place 0: no change."""
    size = int(places.max()) + 1
    counts = np.stack(
        [np.bincount(places[kinds == kind], minlength=size) for kind in range(max(int(kinds.max()), 1) + 1)]
    ).astype(float)
    after = counts[:, ::-1].cumsum(axis=1)[:, ::-1]
    before = counts.sum(axis=1, keepdims=True) - after
    return _marginal(after) + _marginal(before)


def _marginal(counts: Floats) -> Floats:
    """Return the log-likelihood of counts of kinds when their shares are unknown (Dirichlet)."""
    from scipy.special import gammaln  # scipy stays out of start-up

    kinds = counts.shape[0]
    total = counts.sum(axis=0)
    value: Floats = gammaln(counts + PRIOR).sum(axis=0) - gammaln(total + kinds * PRIOR)
    value += gammaln(kinds * PRIOR) - kinds * gammaln(PRIOR)
    return value


def _of_scores(places: NDArray[np.int64], scores: Floats) -> Floats:
    """Return the same for scores that are normal about two unknown levels, their spread unknown."""
    size = int(places.max()) + 1
    n = np.bincount(places, minlength=size).astype(float)
    s = np.bincount(places, weights=scores, minlength=size)
    after_n, after_s = n[::-1].cumsum()[::-1], s[::-1].cumsum()[::-1]
    before_n, before_s = n.sum() - after_n, s.sum() - after_s
    squares = float((scores**2).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        fitted = np.where(before_n > 0, before_s**2 / before_n, 0.0) + after_s**2 / after_n
    left = np.maximum(squares - fitted, 1e-9 * max(squares, 1e-9))
    penalty = 0.5 * (np.log1p(before_n) + np.log1p(after_n))
    likely: Floats = -0.5 * n.sum() * np.log(left) - penalty
    return likely


def _ramp_gain(places: NDArray[np.int64], values: Floats) -> tuple[float, int, int]:
    """Return by how much the best rise over some weeks beats the best step, its first day and its length."""
    size = int(places.max()) + 1
    n = np.bincount(places, minlength=size).astype(float)
    k = np.bincount(places, values, minlength=size).astype(float)
    day = np.arange(size)
    best, step = (-np.inf, 0, 0), -np.inf
    cuts = np.flatnonzero(n.cumsum() > 0)[1:]
    for first in cuts:
        step = max(step, _fit(n, k, (day >= first).astype(float)))
        for length in RAMPS:
            fit = _fit(n, k, np.clip((day - first + 1) / length, 0.0, 1.0))
            if fit > best[0]:
                best = (fit, int(first), length)
    return best[0] - step, best[1], best[2]


def _fit(n: Floats, k: Floats, rise: Floats) -> float:
    """Return the log-likelihood of a share that rises linearly in `rise` between two levels."""
    early, late = rise == 0, rise == 1
    low = (k[early].sum() + PRIOR) / (n[early].sum() + 2 * PRIOR)
    high = (k[late].sum() + PRIOR) / (n[late].sum() + 2 * PRIOR)
    share = low + (high - low) * rise
    return float((k * np.log(share) + (n - k) * np.log1p(-share)).sum())
