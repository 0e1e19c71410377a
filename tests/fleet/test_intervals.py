import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest, false_discovery_control, norm
from scipy.stats import t as student

from autopilot_analysis.fleet.intervals import (
    count_alike,
    design_effect,
    false_discovery,
    interval_design,
    order_ranks,
    ratio_interval,
    share_columns,
)


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


def counted(*devices):
    """Count rows of devices, each given by its attempts and its hits; None is a row without a device."""
    rows = [
        {"device": name, "hit": True if number < hits else None}
        for name, (attempts, hits) in devices
        for number in range(attempts)
    ]
    frame = pl.DataFrame(rows, schema={"device": pl.String, "hit": pl.Boolean}).with_columns(all=pl.lit(0))
    wholes, hits = count_alike(frame, ["all"], "hit")
    return wholes.join(hits, on="all", how="left").with_columns(design_effect())


def test_the_design_effect_is_the_variance_of_whole_devices_against_that_of_independent_rows():
    devices = [("A", (15, 15)), ("B", (3, 1)), ("C", (1, 0)), ("D", (1, 0)), (None, (2, 1))]
    row = counted(*devices).row(0, named=True)
    assert (row["n"], row["k"], row["units"]) == (22, 17, 6)
    share = 17 / 22
    clusters = [(15, 15), (3, 1), (1, 0), (1, 0), (1, 1), (1, 0)]
    beyond = sum((k - share * n) ** 2 for n, k in clusters)
    assert row["design"] == pytest.approx(beyond / (22 * share * (1 - share)) * 6 / 5, rel=1e-12)
    assert row["design"] > 1


@pytest.mark.parametrize(
    ("devices", "design"),
    [
        ([("A", (1, 1)), ("B", (1, 0)), ("C", (1, 0))], 1.0),
        ([("A", (2, 1)), ("B", (2, 1)), ("C", (2, 1))], 1.0),
        ([("A", (15, 15)), ("B", (1, 1))], 8.0),
        ([("A", (15, 5))], 15.0),
        ([(None, (4, 2))], 1.0),
    ],
    ids=["each once", "less than independent", "all are hits", "one device", "no device is known"],
)
def test_rows_count_at_most_once_and_each_device_at_least_once(devices, design):
    assert counted(*devices)["design"].item() == design


def test_an_interval_is_wider_where_few_devices_show_how_alike_rows_are():
    clusters = [(15, 15), (3, 1), (1, 0), (1, 0), (1, 1), (1, 0)]
    devices = [(f"D{place}", each) for place, each in enumerate(clusters)]
    counts = counted(*devices)
    share = 17 / 22
    squares = np.array([(k - share * n) ** 2 for n, k in clusters])
    free = squares.sum() ** 2 / (squares**2).sum() + 1
    assert 2 < free < 5
    wider = (student.ppf(0.975, free) / norm.ppf(0.975)) ** 2
    assert counts.select(interval_design()).item() == pytest.approx(counts["design"].item() * wider, rel=1e-9)


def test_an_interval_of_devices_that_tried_once_is_that_of_independent_rows():
    assert counted(*((name, (1, name == "A")) for name in "ABCD")).select(interval_design()).item() == 1.0


def test_an_interval_of_alike_rows_is_that_of_fewer():
    frame = pl.DataFrame({"k": [40], "n": [100], "design": [4.0]})
    fewer = pl.DataFrame({"k": [10], "n": [25]}).select(share_columns())
    assert frame.select(share_columns(design=pl.col("design"))).row(0) == pytest.approx(
        fewer.row(0), rel=1e-12
    )
