"""For each failure the success most like it, and what differs between the two."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet import measure_nearest

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def attempt(name, outcome, *, day=0, setup=None, **columns):
    usual = {"model": "Slate 12", "build": "26100.1", "profile": "Office", "group_tag": "FRA", "apps": 8}
    return {
        "device": name,
        "deployment": f"{name}/1",
        "outcome": outcome,
        "code": "0x87d1041c" if outcome == "failed" else None,
        "started_at": MONDAY + timedelta(days=day),
        "device_setup": None if setup is None else timedelta(minutes=setup),
        **(usual | columns),
    }


def nearest(*attempts, most=10):
    frame = pl.DataFrame(attempts, infer_schema_length=None)
    return measure_nearest(frame, frame, most=most)


def test_the_success_with_most_in_common_is_taken_and_of_those_alike_the_nearest_in_time():
    found = nearest(
        attempt("BAD", "failed", setup=60),
        attempt("OTHER-BUILD", "succeeded", build="26100.2"),
        attempt("LATE", "succeeded", day=4),
        attempt("NEAR", "succeeded", day=1, setup=20, apps=9),
        attempt("FAR", "succeeded", day=30),
    )
    row = found.row(0, named=True)
    assert (row["device"], row["nearest_device"], row["nearest"]) == ("BAD", "NEAR", "NEAR/1")
    assert (row["distance"], row["days"], row["differs"]) == (0, 1.0, "apps 8 / 9")
    assert row["device_setup_longer"] == timedelta(minutes=40)
    assert row["account_setup_longer"] is None


def test_the_distance_counts_what_differs_and_what_nobody_knows():
    found = nearest(
        attempt("BAD", "failed", build=None),
        attempt("GOOD", "succeeded", profile="Kiosk", day=7),
    )
    row = found.row(0, named=True)
    assert row["distance"] == 3, "the build is unknown, the profile and the week differ"
    assert row["differs"] == "build unknown / 26100.1; profile Office / Kiosk"


def test_a_value_spelt_in_another_way_is_no_difference():
    found = nearest(attempt("BAD", "failed"), attempt("GOOD", "succeeded", model="slate-12"))
    assert (found["distance"][0], found["differs"][0]) == (0, None)


def test_a_later_success_of_the_same_device_is_named_as_that():
    found = nearest(attempt("D1", "failed"), {**attempt("D1", "succeeded", day=1), "deployment": "D1/2"})
    assert (found["same_device"][0], found["nearest"][0]) == (True, "D1/2")


def test_the_latest_failures_are_matched_and_the_closest_pair_comes_first():
    found = nearest(
        attempt("OLD", "failed", day=-20),
        attempt("FAR", "failed", day=2, model="Book 15"),
        attempt("CLOSE", "failed", day=1),
        attempt("GOOD", "succeeded"),
        most=2,
    )
    assert found.select("device", "distance").rows() == [("CLOSE", 0), ("FAR", 1)]


def test_without_a_success_there_is_nothing_near():
    assert nearest(attempt("BAD", "failed")).is_empty()


def test_less_than_one_is_refused():
    with pytest.raises(BadInput, match="most is 0"):
        nearest(attempt("BAD", "failed"), most=0)
