import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest, false_discovery_control

from autopilot_analysis.fleet.intervals import false_discovery, order_ranks, ratio_interval, share_columns


@pytest.mark.parametrize(("k", "n"), [(37, 412), (0, 10), (10, 10), (1, 1), (81, 263)])
def test_wilson_intervals_equal_scipy(k, n):
    low, high = pl.DataFrame({"k": [k], "n": [n]}).select(share_columns()).select("low", "high").row(0)
    reference = binomtest(k, n).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((reference.low, reference.high), abs=1e-12)


def test_a_share_of_nothing_is_unknown():
    assert pl.DataFrame({"k": [0], "n": [0]}).select(share_columns()).row(0) == (None, None, None)


def test_false_discovery_equals_scipy_and_counts_tests_that_are_not_listed():
    p = np.array([0.041, 0.001, 0.008, 0.039, 0.6])
    np.testing.assert_allclose(false_discovery(p), false_discovery_control(p))
    whole = false_discovery_control(np.append(p, np.ones(5)))[:5]
    np.testing.assert_allclose(false_discovery(p, 10), whole)


def test_ranks_around_the_median_enclose_it_with_95_percent_confidence():
    low, high = order_ranks(np.array([20]), 0.5)
    assert (low[0], high[0]) == (5, 14)  # the 6th and 15th of 20, as tables of the sign test have it


def test_the_ratio_of_equal_shares_is_one_and_its_interval_holds_one():
    ratio, low, high = ratio_interval(*(np.array([x]) for x in (10.0, 100.0, 20.0, 200.0)))
    assert ratio[0] == pytest.approx(1.0)
    assert low[0] < 1 < high[0]
