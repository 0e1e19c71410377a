from datetime import timedelta

import polars as pl

from autopilot_analysis.fleet import measure_items


def test_an_item_is_judged_once_a_device_and_every_try_is_counted():
    installs = pl.DataFrame(
        {
            "device": ["a", "a", "b", "c", "d"],
            "item": ["app-1"] * 5,
            "name": ["Viewer"] * 5,
            "outcome": ["failed", "succeeded", "not_detected", "skipped", "never_started"],
            "exit_code": [1603, 0, 0, None, None],
            "waited": [timedelta(minutes=m) if m else None for m in (5, 3, 4, None, None)],
        }
    )
    row = measure_items(installs).row(0, named=True)
    assert (row["devices"], row["n"], row["k"]) == (4, 2, 1)
    assert (row["tries"], row["retried"], row["undetected"], row["unfinished"]) == (5, 1, 1, 1)
    assert row["time"] == timedelta(minutes=12)
    assert row["downloaded_bytes"] is None


def test_items_of_one_name_stay_apart():
    installs = pl.DataFrame(
        {"device": ["a", "a"], "item": ["x", "y"], "name": ["Viewer"] * 2, "outcome": ["failed"] * 2}
    )
    assert measure_items(installs)["item"].to_list() == ["x", "y"]


def test_minutes_on_the_critical_path_stand_beside_an_item_when_they_are_known():
    tries = pl.DataFrame(
        {"device": ["D1", "D2", "D1"], "item": ["app-1", "app-1", "app-2"], "outcome": ["succeeded"] * 3}
    )
    path = pl.DataFrame(
        {
            "device": ["D1", "D2", "D2"],
            "item": ["app-1", "app-1", None],
            "waited": [timedelta(minutes=4), timedelta(minutes=3), timedelta(minutes=9)],
        }
    )
    board = measure_items(tries, critical=path).sort("item")
    assert board["critical_time"].to_list() == [timedelta(minutes=7), timedelta()]
    assert board["critical_devices"].to_list() == [2, 0]
    assert "critical_time" not in measure_items(tries).columns
