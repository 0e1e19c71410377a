"""What days and blocks of days vary by while nothing changes."""

import numpy as np
import pytest

from autopilot_analysis.fleet.explanation.days.spread import beyond_block, dispersion, prior_spread


def test_few_attempts_a_week_vary_hardly_more_than_independent_ones_and_many_as_their_levels_do():
    assert [prior_spread(variance) for variance in (6.0, 60.0)] == [pytest.approx((1.3, 10.0))] * 2
    spread, blocks = prior_spread(0.6)
    assert (spread, blocks) == (pytest.approx(1.03), pytest.approx(10 * (0.3 / 1.3 * 1.03 / 0.03) ** 2))


@pytest.mark.parametrize(("times", "alike"), [(0.8, 1.0), (1.5, 1.5), (4.0, 4.0)])
def test_attempts_that_come_in_like_ones_vary_as_much_on_days_of_few_as_on_days_of_many(times, alike):
    weight = np.tile([1.0, 5.0, 25.0], 40)
    residual = np.sqrt(times * weight) * np.tile([1, 1, 1, -1, -1, -1], 20)
    assert dispersion(residual, weight, 1.0) == (pytest.approx(alike), pytest.approx(0.0, abs=1e-9))


@pytest.mark.parametrize("times", [10.0, 1_000.0])
def test_what_days_vary_by_is_the_same_however_often_every_attempt_is_counted(times):
    rng = np.random.default_rng(5)
    weight = rng.uniform(0.5, 20.0, 150)
    residual = rng.normal(0.0, np.sqrt(1.4 * weight + 0.2 * weight**2))
    alike, apart = dispersion(residual, weight, 0.95)
    assert dispersion(times * residual, times * weight, 0.95) == (
        pytest.approx(times * alike),
        pytest.approx(apart),
    )
    assert (1.0 < alike < 2.0, 0.1 < apart < 0.4) == (True, True)


def test_days_without_anything_to_happen_vary_by_nothing():
    assert dispersion(np.zeros(9), np.full(9, 1e-7), 0.9) == (1.0, 0.0)


@pytest.mark.parametrize("residual", [0.0, 1e-6])
def test_days_that_do_not_vary_at_all_are_those_of_independent_attempts(residual):
    with np.errstate(all="raise"):
        spread = dispersion(np.full(90, residual), np.tile([1.0, 4.0, 9.0], 30), 0.9)
    assert spread == (1.0, 0.0)


def test_where_days_lie_apart_those_of_few_vary_hardly_more_than_independent_attempts():
    weight = np.tile([1.0, 5.0, 25.0], 40)
    residual = np.sqrt(weight + 0.3 * weight**2) * np.tile([1, 1, 1, -1, -1, -1], 20)
    assert dispersion(residual, weight, 1.0) == (1.0, pytest.approx(0.3))


def test_only_what_hangs_together_counts_for_more_over_a_stretch_than_over_a_block():
    weight = np.ones(140)
    alone = np.sqrt(2.0) * np.tile([1.0, -1.0], 70)
    together = np.repeat(np.tile([1.0, -1.0], 10), 7)
    assert beyond_block(2.0, alone, weight, 0) == pytest.approx(2.0)
    assert beyond_block(7.0, together, weight, 0) == pytest.approx(1 + 6 * 1.3)
