"""Savings that can be counted by hand."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.fleet import measure_what_if

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def minutes(count):
    return timedelta(minutes=count)


def deployments(count=40):
    """Attempts of 30, 31, … minutes; Device setup takes 20 of them."""
    totals = [30 + number for number in range(count)]
    return pl.DataFrame(
        {
            "device": [f"SN-{number}" for number in range(count)],
            "deployment": [f"SN-{number}/1" for number in range(count)],
            "outcome": ["succeeded"] * count,
            "profile": ["A" if number % 2 else "B" for number in range(count)],
            "started_at": [START] * count,
            "ended_at": [START + minutes(total) for total in totals],
            "total": [minutes(total) for total in totals],
            "device_setup": [minutes(20)] * count,
        }
    )


def installs(count=40):
    """Office for minutes 5 to 15, an agent for minutes 10 to 18 beside it: Office alone is 5 minutes."""
    rows = [
        (f"SN-{number}", 1, item, name, "device", START + minutes(since), START + minutes(until), "succeeded")
        for number in range(count)
        for item, name, since, until in (("app-1", "Office", 5, 15), ("app-2", "Agent", 10, 18))
    ]
    columns = ["device", "attempt", "item", "name", "phase", "started_at", "ended_at", "outcome"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_a_stage_at_half_its_time_saves_half_of_it_on_every_attempt():
    told = measure_what_if(deployments(), faster={"device_setup": 2.0})
    assert told["saved"].to_list() == [minutes(10)] * 3
    assert told["n"].to_list() == told["touched"].to_list() == [40] * 3
    median = told.row(0, named=True)
    assert (median["before"], median["after"]) == (minutes(49.5), minutes(39.5))
    assert median["low"] < median["after"] < median["high"]


def test_an_app_left_out_saves_only_the_minutes_in_which_it_ran_alone():
    told = measure_what_if(deployments(), installs(), without=["Office"], quantiles=[0.5])
    assert told["saved"].to_list() == [minutes(5)]


def test_two_apps_left_out_save_all_the_time_they_cover():
    told = measure_what_if(deployments(), installs(), without=["app-1", "app-2"], quantiles=[0.5])
    assert told["saved"].to_list() == [minutes(13)]


def test_of_two_changed_apps_at_once_the_slower_one_counts():
    told = measure_what_if(
        deployments(), installs(), without=["Agent"], faster={"Office": 2.0}, quantiles=[0.5]
    )
    assert told["saved"].to_list() == [minutes(5 + 3)]  # half of Office's ten, and the agent's last three


def test_an_attempt_without_the_app_saves_nothing():
    told = measure_what_if(deployments(), installs(10), without=["Office"], quantiles=[0.5, 1.0])
    assert told["touched"].to_list() == [10, 10]
    assert told["saved"][1] == minutes(0)


def test_what_failed_or_still_runs_is_left_out_and_said_to_be():
    frame = deployments().with_columns(
        outcome=pl.Series(["failed", "in_progress"] + ["succeeded"] * 38), total=pl.col("total")
    )
    told = measure_what_if(frame, without=["device_setup"], quantiles=[0.5])
    assert told["n"].to_list() == [38]
    assert "Only attempts that succeeded" in told["assumptions"][0]


def test_the_same_seed_gives_the_same_bands_and_groups_stand_apart():
    calls = [
        measure_what_if(deployments(), faster={"device_setup": 1.5}, by="profile", seed=4) for _ in range(2)
    ]
    assert calls[0].equals(calls[1])
    assert calls[0]["profile"].unique().sort().to_list() == ["A", "B"]


def test_pandas_is_answered_with_pandas():
    told = measure_what_if(deployments().to_pandas(), without=["device_setup"], quantiles=[0.5])
    assert type(told).__module__.startswith("pandas")


def test_an_item_nobody_knows_and_a_speed_of_nothing_are_refused():
    with pytest.raises(UnknownName, match="Reader"):
        measure_what_if(deployments(), installs(), without=["Reader"])
    with pytest.raises(BadInput, match="device_setup cannot be 0 times faster"):
        measure_what_if(deployments(), faster={"device_setup": 0})


def test_no_attempts_leave_no_rows():
    assert measure_what_if(deployments().clear(), without=["device_setup"]).height == 0
