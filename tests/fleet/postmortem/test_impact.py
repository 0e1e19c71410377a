"""What an incident cost, against numbers counted by hand."""

import polars as pl
import pytest

from autopilot_analysis.fleet.postmortem.impact import (
    DEVICES_HIT,
    FIRST_TO_SUCCESS,
    HIT_BEYOND,
    SUCCEEDED,
    TIME_SPENT,
    USERS_HIT,
    measure_impact,
)


def numbers(impact, begins):
    return impact.filter(pl.col("what").str.starts_with(begins)).row(0, named=True)


def test_hours_waits_users_and_recoveries_are_counted_by_device(case_of):
    impact = measure_impact(case_of([
        ("A", "ann", 0, 30, "failed", True), ("A", "ann", 60, 30, "failed", True),
        ("A", "ann", 120, 60, "succeeded", True), ("B", "bob", 0, 90, "failed", True),
        ("C", None, 0, 30, "succeeded", True), ("D", "dan", 0, 30, "succeeded", False),
    ]))  # fmt: skip
    counts = {
        begins: numbers(impact, begins)
        for begins in (
            "attempts that failed, in",
            DEVICES_HIT,
            USERS_HIT,
            SUCCEEDED,
            TIME_SPENT,
            FIRST_TO_SUCCESS,
        )
    }
    assert [(row["k"], row["n"]) for row in counts.values()] == [
        (3, 5),
        (2, 3),
        (2, 2),
        (1, 2),
        (None, 3),
        (1, 2),
    ]
    assert counts[TIME_SPENT]["value"] == pytest.approx(2.5)
    assert (counts[TIME_SPENT]["low"], counts[TIME_SPENT]["high"]) == (2.0, 3.0)
    assert counts[FIRST_TO_SUCCESS]["value"] == pytest.approx(3.0)
    assert counts[SUCCEEDED]["in_words"] == "1 of 2"


def test_the_excess_has_newcombes_interval(case_of):
    rows = [(f"I{n}", None, 0, 30, "failed" if n < 56 else "succeeded", True) for n in range(70)]
    rows += [(f"R{n}", None, 0, 30, "failed" if n < 48 else "succeeded", False) for n in range(80)]
    excess = numbers(measure_impact(case_of(rows)), HIT_BEYOND)
    assert excess["value"] == pytest.approx(70 * 0.2)
    assert excess["low"] / 70 == pytest.approx(0.0524, abs=5e-5)  # Newcombe 1998, method 10: 56/70 and 48/80
    assert excess["high"] / 70 == pytest.approx(0.3339, abs=5e-5)


def test_the_median_wait_lies_between_the_ranks_that_enclose_a_median(case_of):
    rows = [(f"D{n:02}", None, 0, 1, "failed", True) for n in range(1, 21)]
    rows += [(f"D{n:02}", None, 60 * n - 5, 5, "succeeded", True) for n in range(1, 21)]
    wait = numbers(measure_impact(case_of(rows)), FIRST_TO_SUCCESS)
    assert (wait["low"], wait["value"], wait["high"]) == (6.0, 10.5, 15.0)  # ranks 6 and 15 of 20: 95.9 %


def test_a_wait_of_five_devices_is_bounded_on_no_side(case_of):
    rows = [(f"D{n}", None, 0, 1, "failed", True) for n in range(1, 6)]
    rows += [(f"D{n}", None, 60 * n - 5, 5, "succeeded", True) for n in range(1, 6)]
    wait = numbers(measure_impact(case_of(rows)), FIRST_TO_SUCCESS)
    assert (wait["low"], wait["value"], wait["high"]) == (None, 3.0, None)
