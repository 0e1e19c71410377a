from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet import explain, measure_daily, select_group
from autopilot_analysis.samples.fleet.fleet import simulate_fleet

FLEET = simulate_fleet(600, incident="profile_edit", seed=24)[0]


def test_every_ended_attempt_is_counted_on_the_day_it_began():
    daily = measure_daily(FLEET)
    ended = FLEET.filter(pl.col("outcome").is_in(["succeeded", "failed"]))
    assert daily["n"].sum() == ended.height
    assert daily["k"].sum() == (ended["outcome"] == "failed").sum()
    assert daily["at"].is_sorted()


def test_a_level_lasts_until_a_change_of_all_attempts_given():
    changes = explain(FLEET).changes
    assert measure_daily(FLEET, changes=changes)["level"].n_unique() == 1
    inside = measure_daily(select_group(FLEET, changes), changes=changes)
    assert inside["level"].n_unique() == 2
    at = changes["at"][0]
    assert inside.filter(pl.col("at") < at)["level"][0] < inside.filter(pl.col("at") >= at)["level"][0]


def test_the_band_of_a_share_stays_between_nothing_and_all():
    daily = measure_daily(FLEET)
    assert daily["floor"].min() >= 0
    assert daily["ceiling"].max() <= 1


def test_durations_are_medians_in_minutes():
    daily = measure_daily(FLEET, measure="total", period="month")
    first = FLEET.filter(
        pl.col("outcome").is_in(["succeeded", "failed"]), pl.col("started_at").dt.month() == 1
    )
    assert daily["value"][0] == pytest.approx(first["total"].median().total_seconds() / 60)


def test_pandas_is_answered_with_pandas_and_nothing_with_nothing():
    assert type(measure_daily(FLEET.to_pandas())).__module__.startswith("pandas")
    assert measure_daily(FLEET.clear()).is_empty()


def test_an_unknown_period_is_named():
    with pytest.raises(BadInput, match="fortnight"):
        measure_daily(FLEET, period="fortnight")


def test_fifteen_tries_of_one_device_on_a_day_are_no_day_beyond_chance():
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    usual = [
        (f"D{day}-{each}", start + timedelta(days=day), each < 2) for day in range(40) for each in range(20)
    ]
    again = [("STUBBORN", start + timedelta(days=20, minutes=each), True) for each in range(15)]
    frame = pl.DataFrame(
        [
            {"device": device, "started_at": at, "outcome": "failed" if failed else "succeeded"}
            for device, at, failed in usual + again
        ]
    )
    day = pl.col("at").dt.date() == (start + timedelta(days=20)).date()
    daily, alone = (
        measure_daily(rows).filter(day).row(0, named=True) for rows in (frame, frame.drop("device"))
    )
    assert (daily["n"], daily["k"], daily["level"]) == (alone["n"], alone["k"], alone["level"])
    assert (daily["outside"], alone["outside"]) == (False, True)
