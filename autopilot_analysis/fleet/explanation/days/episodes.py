"""Whether a group that got worse is so still: since a day, over a spell of days, or only until a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENDED = 3.0
"""By so much must an end be likelier, in log-likelihood, than that it goes on."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ByDay:
    """What attempts show of their level, day by day.

    Attributes:
        sums: What the likelihood depends on, a row each and a column for each day.
        n: Attempts of each day.
        value: What is compared, summed by day: hits, or normal scores.
        likely: Returns the log-likelihood of two unknown levels from the sums of the days of each.
    """

    sums: Floats
    n: Floats
    value: Floats
    likely: Callable[[Floats, Floats], Floats]

    def within(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        """Return the log-likelihood of a level of its own from one day to before another.

        Args:
            starts: Places of first days.
            ends: Places of the days after the last.
        """
        inside = _between(self.sums, starts, ends)
        return self.likely(inside, self.sums.sum(axis=1, keepdims=True) - inside)

    def worse(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell where the level from one day to before another is higher than that of all other days.

        Args:
            starts: Places of first days.
            ends: Places of the days after the last.
        """
        n, value = (_between(each[None, :], starts, ends)[0] for each in (self.n, self.value))
        worse: NDArray[np.bool_] = value * (self.n.sum() - n) > (self.value.sum() - value) * n
        return worse


def _between(sums: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
    running = np.concatenate([np.zeros((sums.shape[0], 1)), sums.cumsum(axis=1)], axis=1)
    difference: Floats = running[:, ends] - running[:, starts]
    return difference


@dataclass(frozen=True)
class Episode:
    """The days of a higher level.

    Attributes:
        starts: For each day from the second on, the log-likelihood that it is the first of the new level: the
            higher one, or, where that went on from the beginning `until` a day, the lower one after it.
        end: Place of the day after a spell; None: it goes on.
        until: Whether it went on from the first day until some day.
    """

    starts: Floats
    end: int | None = None
    until: bool = False


def find_episode(by_day: ByDay) -> Episode:
    """Return the likeliest kind of episode; that it ended only where that is clearly likelier.

    Days of one kind are weighed alike, so that spells, of which there are many, are not had for nothing.

    Args:
        by_day: Of at least two days.
    """
    size = by_day.n.size
    cuts = np.arange(1, size)
    cut = by_day.within(cuts, np.full_like(cuts, size))
    rose = by_day.worse(cuts, np.full_like(cuts, size))
    since, until = (Episode(np.where(way, cut, -np.inf), until=not up) for way, up in ((rose, 1), (~rose, 0)))
    spell, likely = _spell(by_day)
    weights = [_mean(since.starts), _mean(until.starts), likely]
    best = int(np.argmax(weights))
    if weights[best] - weights[0] <= ENDED:
        return since
    return (since, until, spell)[best]


def _spell(by_day: ByDay) -> tuple[Episode, float]:
    """Return the likeliest spell with the likelihood of its starts, whatever its end, and of them all."""
    size = by_day.n.size
    starts, ends = np.triu_indices(size, 1)
    inner = (starts > 0) & (ends < size)
    starts, ends = starts[inner], ends[inner]
    likely = np.where(by_day.worse(starts, ends), by_day.within(starts, ends), -np.inf)
    if not np.isfinite(likely).any():
        return Episode(np.full(size - 1, -np.inf)), -np.inf
    top = likely.max()
    weights = np.exp(likely - top)
    first, last = (np.bincount(each, weights, minlength=size) for each in (starts, ends))
    with np.errstate(divide="ignore"):
        return Episode(np.log(first[1:]) + top, int(last.argmax())), _mean(likely)


def _mean(likely: Floats) -> float:
    """Return the logarithm of the mean likelihood."""
    top = float(likely.max(initial=-np.inf))
    return top + float(np.log(np.exp(likely - top).mean())) if np.isfinite(top) else -np.inf
