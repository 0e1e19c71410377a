"""Which day: every day a change may have come on, by its likelihood, and the set that holds most of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.explanation.days.episodes import ByDay, find_episode
from autopilot_analysis.fleet.explanation.days.series import normal_scores
from autopilot_analysis.tables.outcomes import ENDED

HELD = 0.9
"""Share of the likelihood that the set of days holds."""

PRIOR = 0.5
"""Jeffreys' prior counts: of each kind of end, and of hits and what was not hit."""

RAMPS = (7, 14, 21)
"""Days a gradual change may take."""

GRADUAL = 3.0
"""By so much must a gradual change be likelier, in log-likelihood, than one on a day."""

LEAST_CODE_HITS = 3
"""Fewer hits of a code show nothing, neither of its day nor of a group."""

MOST_CODES = 40
"""So many codes, the most frequent, are looked at by themselves."""

EPOCH = date(1970, 1, 1)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dated:
    """The likeliest day of a change and the set around it.

    Attributes:
        at: The likeliest first day of the new level.
        low: First day of the smallest set that holds HELD of the likelihood.
        high: Its last day.
        complete: The day by which a gradual change is complete, None for a change on a day.
        gain: How much likelier a change is than none, days weighed alike, as a logarithm.
        until: The day after a spell, None where the new level goes on.
        fell: Whether the new level is the lower one, and the higher one was there from the beginning.
    """

    at: date
    low: date
    high: date
    complete: date | None
    gain: float
    until: date | None = None
    fell: bool = False


def date_change(rows: pl.DataFrame, measure: str) -> Dated | None:
    """Return the day on which attempts came to a new level; None where all began on one day.

    The levels before and after are unknown and integrated out, so that a short side is not overrated. Of
    failures the code that grew most is a kind of end of its own: ordinary failures just before the day
    cannot pull it forward.

    Args:
        rows: Judged attempts with `day`, `value`, `class` and perhaps `code`.
        measure: An outcome or a span column.
    """
    if (counted := _counted(rows, measure)) is None:
        return None
    start, by_day = counted
    cuts = np.arange(by_day.n.size)
    likely = by_day.within(cuts, np.full_like(cuts, by_day.n.size))
    return dated_by(start, likely[1:], float(likely[0]), _ramp(by_day) if measure in ENDED else None)


def date_episode(rows: pl.DataFrame, measure: str) -> Dated | None:
    """Return the day on which attempts got worse, and when that ended, if it did; None as in `date_change`.

    Args:
        rows: As for `date_change`.
        measure: An outcome or a span column.
    """
    if (counted := _counted(rows, measure)) is None:
        return None
    start, by_day = counted
    episode = find_episode(by_day)
    if not np.isfinite(episode.starts).any():
        return None
    none = float(by_day.within(np.array([0]), np.array([by_day.n.size]))[0])
    goes_on = episode.end is None and not episode.until
    dated = dated_by(start, episode.starts, none, _ramp(by_day) if measure in ENDED and goes_on else None)
    until = None if episode.end is None else EPOCH + timedelta(days=start + episode.end)
    return replace(dated, until=until, fell=episode.until)


def _counted(rows: pl.DataFrame, measure: str) -> tuple[int, ByDay] | None:
    """Return the first day and what attempts show day by day; None where all began on one day."""
    days = rows["day"].to_physical().to_numpy().astype(np.int64)
    if not days.size or days.min() == days.max():
        return None
    start = int(days.min())
    places, size = days - start, int(days.max()) - start + 1
    n = np.bincount(places, minlength=size).astype(float)
    if measure in ENDED:
        hits = np.bincount(places, rows["value"].to_numpy(), minlength=size).astype(float)
        return start, ByDay(_by_kind(places, _kinds(rows)), n, hits, _of_kinds)
    scores = normal_scores(rows)
    sums = np.bincount(places, scores, minlength=size).astype(float)
    squares = float((scores**2).sum())
    return start, ByDay(np.stack([n, sums]), n, sums, partial(_of_scores, squares=squares))


def dated_by(start: int, cuts: Floats, none: float, ramp: tuple[int, int] | None) -> Dated:
    """Return the day and its set from the log-likelihood of each day from the second on.

    Args:
        start: The first day.
        cuts: Log-likelihoods.
        none: That of no change.
        ramp: First place and days of a gradual change that is likelier than any on a day.
    """
    weights = np.exp(cuts - cuts.max())
    held = _smallest(weights)
    gain = float(cuts.max() + np.log(weights.mean()) - none)
    at = start + 1 + _middle(weights)
    low, high = start + 1 + int(held[0]), start + 1 + int(held[-1])
    complete = None
    if ramp:
        at, complete = start + ramp[0], start + sum(ramp)
        low, high = min(low, at), max(high, complete)
    first, early, late = (EPOCH + timedelta(days=day) for day in (at, low, high))
    return Dated(first, early, late, None if complete is None else EPOCH + timedelta(days=complete), gain)


def _smallest(weights: Floats) -> NDArray[np.int64]:
    """Return the places of the smallest set with HELD of the weight, those as likely as its last among it."""
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
    counts = _by_kind(places, hit.astype(np.int64))
    after = counts[:, ::-1].cumsum(axis=1)[:, ::-1]
    cuts = _of_kinds(after, counts.sum(axis=1, keepdims=True) - after)
    return float(cuts[1:].max() - cuts[0]) if cuts.size > 1 else 0.0


def _by_kind(places: NDArray[np.int64], kinds: NDArray[np.int64]) -> Floats:
    """Return how many attempts of each kind of end each day has."""
    size, count = int(places.max()) + 1, max(int(kinds.max()), 1) + 1
    counts = np.bincount(kinds * size + places, minlength=count * size)
    return counts.reshape(count, size).astype(float)


def _of_kinds(inside: Floats, outside: Floats) -> Floats:
    """Return the log-likelihood of kinds of end with shares of their own inside and outside some days."""
    return _marginal(inside) + _marginal(outside)


def _marginal(counts: Floats) -> Floats:
    """Return the log-likelihood of counts of kinds when their shares are unknown (Dirichlet)."""
    from scipy.special import gammaln  # scipy stays out of start-up

    kinds = counts.shape[0]
    total = counts.sum(axis=0)
    value: Floats = gammaln(counts + PRIOR).sum(axis=0) - gammaln(total + kinds * PRIOR)
    value += gammaln(kinds * PRIOR) - kinds * gammaln(PRIOR)
    return value


def _of_scores(inside: Floats, outside: Floats, squares: float) -> Floats:
    """Return the same for scores that are normal about two unknown levels, their spread unknown.

    Args:
        inside: Attempts and the sum of their scores.
        outside: The same of the others.
        squares: The sum of all squared scores.
    """
    (n, s), (rest_n, rest_s) = inside, outside
    fitted = s**2 / np.maximum(n, 1) + rest_s**2 / np.maximum(rest_n, 1)
    left = np.maximum(squares - fitted, 1e-9 * max(squares, 1e-9))
    likely: Floats = -0.5 * (n + rest_n) * np.log(left) - 0.5 * (np.log1p(n) + np.log1p(rest_n))
    return likely


def _ramp(by_day: ByDay) -> tuple[int, int] | None:
    """Return the first place and the days of a rise over some weeks, where it clearly beats the best step."""
    day = np.arange(by_day.n.size)
    best, step = (-np.inf, 0, 0), -np.inf
    for first in np.flatnonzero(by_day.n.cumsum() > 0)[1:]:
        step = max(step, _fit(by_day.n, by_day.value, (day >= first).astype(float)))
        for length in RAMPS:
            fit = _fit(by_day.n, by_day.value, np.clip((day - first + 1) / length, 0.0, 1.0))
            if fit > best[0]:
                best = (fit, int(first), length)
    return best[1:] if best[0] - step > GRADUAL else None


def _fit(n: Floats, k: Floats, rise: Floats) -> float:
    """Return the log-likelihood of a share that rises linearly in `rise` between two levels."""
    early, late = rise == 0, rise == 1
    low = (k[early].sum() + PRIOR) / (n[early].sum() + 2 * PRIOR)
    high = (k[late].sum() + PRIOR) / (n[late].sum() + 2 * PRIOR)
    share = low + (high - low) * rise
    return float((k * np.log(share) + (n - k) * np.log1p(-share)).sum())
