"""Chances are those of scipy.stats, which the product does not import for them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from autopilot_analysis.fleet.chances import (
    as_many,
    at_least,
    log_at_least,
    log_at_least_unsure,
    log_beyond,
    log_exactly,
    reach_of,
)

WHOLES = [
    (600, 40, 25),
    (600, 40, 580),
    (30, 30, 4),
    (30, 0, 4),
    (9, 5, 7),
    (100_000, 3_000, 800),
    (12, 12, 12),
]
"""How many there are, how many of them are hits, how many are drawn."""


@pytest.mark.parametrize("counts", WHOLES)
def test_chances_of_so_many_hits_are_those_of_scipy(counts):
    whole, of_whole, drawn = counts
    hits = np.unique(np.linspace(0, drawn, 40).round())
    exactly = log_exactly(hits, whole, of_whole, np.full(hits.size, drawn))
    assert exactly == pytest.approx(stats.hypergeom.logpmf(hits, *counts), rel=1e-9, abs=1e-12)
    tails = [log_at_least(each, *counts) for each in hits]
    assert tails == pytest.approx(stats.hypergeom.logsf(hits - 1, *counts), rel=1e-9, abs=1e-12)
    chances = [at_least(each, *counts) for each in hits]
    assert chances == pytest.approx(stats.hypergeom.sf(hits - 1, *counts), rel=1e-8, abs=1e-12)


def test_a_count_that_cannot_be_has_no_chance():
    assert log_at_least(5, 30, 4, 10) == -np.inf
    assert log_at_least(0, 30, 4, 10) == 0.0
    assert at_least(7, 9, 5, 7) == 0.0


@pytest.mark.parametrize(("hits", "drawn", "a", "b"), [(3, 9, 2.5, 40.0), (0, 9, 1.0, 1.0), (9, 9, 0.3, 7.0)])
def test_chances_with_an_unsure_share_are_those_of_scipy(hits, drawn, a, b):
    own = log_at_least_unsure(hits, drawn, a, b)
    assert own == pytest.approx(
        np.log(stats.betabinom.pmf(range(hits, drawn + 1), drawn, a, b).sum()), abs=1e-9
    )


def test_other_chances_are_those_of_scipy():
    assert [as_many(k, 2.5) for k in range(9)] == pytest.approx(stats.poisson.sf(np.arange(9) - 1, 2.5))
    for level, free in [(0.0, 9.0), (2.5, 3.0), (30.0, 40.5)]:
        assert log_beyond(level, free) == pytest.approx(stats.t.logsf(level, free))
    assert reach_of(1e-3) == pytest.approx(stats.norm.isf(1e-3))
