"""Chances of counts and levels, as `scipy.stats` gives them: importing it takes longer than most answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def log_exactly(hits: Floats, whole: Floats | float, of_whole: Floats | float, drawn: Floats) -> Floats:
    """Return the logarithm of the chance of so many hits among those drawn (hypergeometric).

    Args:
        hits: How many of those drawn are hits.
        whole: How many there are.
        of_whole: How many of them are hits.
        drawn: How many are drawn.
    """
    from scipy.special import betaln  # scipy stays out of start-up

    others = whole - of_whole
    held = (hits >= np.maximum(drawn - others, 0)) & (hits <= np.minimum(of_whole, drawn))
    k = np.where(held, hits, np.maximum(drawn - others, 0))
    ways_in = betaln(of_whole + 1, 1) - betaln(k + 1, of_whole - k + 1)
    ways_out = betaln(others + 1, 1) - betaln(drawn - k + 1, others - drawn + k + 1)
    ways = betaln(whole + 1, 1) - betaln(whole - drawn + 1, drawn + 1)
    return np.where(held, ways_in + ways_out - ways, -np.inf)


def at_least(hits: float, whole: float, of_whole: float, drawn: float) -> float:
    """Return the chance of so many hits or more among those drawn, see `log_at_least`."""
    return float(np.exp(log_at_least(hits, whole, of_whole, drawn)))


def log_at_least(hits: float, whole: float, of_whole: float, drawn: float) -> float:
    """Return the logarithm of the chance of so many hits or more among those drawn (Fisher, one-sided).

    The shorter of both tails is summed up.

    Args:
        hits: How many of those drawn are hits.
        whole: How many there are.
        of_whole: How many of them are hits.
        drawn: How many are drawn.
    """
    least, most = max(drawn - (whole - of_whole), 0), min(of_whole, drawn)
    if hits <= least:
        return 0.0
    if hits > most:
        return -np.inf
    if (hits - 0.5) * (whole + 0.5) < (of_whole - 0.5) * (drawn - 0.5):
        return float(np.log1p(-np.exp(_log_sum(least, hits - 1, whole, of_whole, drawn))))
    return _log_sum(hits, most, whole, of_whole, drawn)


def _log_sum(first: float, last: float, whole: float, of_whole: float, drawn: float) -> float:
    from scipy.special import logsumexp  # scipy stays out of start-up

    counts = np.arange(first, last + 1, dtype=np.float64)
    return float(logsumexp(log_exactly(counts, whole, of_whole, np.array(drawn))))


def log_at_least_unsure(hits: int, drawn: int, a: float, b: float) -> float:
    """Return the logarithm of the chance of so many hits or more where their share is itself uncertain.

    Args:
        hits: How many of those drawn are hits.
        drawn: How many are drawn.
        a: The share is known as well as by so many hits
        b: and so many others (beta-binomial).
    """
    from scipy.special import betaln, logsumexp  # scipy stays out of start-up

    k = np.arange(hits, drawn + 1)
    ways = -np.log(drawn + 1) - betaln(drawn - k + 1, k + 1)
    return float(logsumexp(ways + betaln(k + a, drawn - k + b) - betaln(a, b)))


def as_many(hits: float, expected: float) -> float:
    """Return the chance of so many hits or more where so many are expected (Poisson)."""
    from scipy.special import pdtrc  # scipy stays out of start-up

    return float(pdtrc(np.floor(hits - 1), expected)) if hits >= 1 else 1.0


def log_beyond(level: float, free: float) -> float:
    """Return the logarithm of the chance of a level or more, known with some degrees of freedom (Student)."""
    from scipy.special import stdtr  # scipy stays out of start-up

    with np.errstate(divide="ignore"):
        return float(np.log(stdtr(free, -level)))


def reach_of(chance: float) -> float:
    """Return how many standard deviations the mean is exceeded by with some chance (normal)."""
    from scipy.special import ndtri  # scipy stays out of start-up

    return -float(ndtri(chance))
