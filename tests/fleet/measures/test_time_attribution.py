from datetime import timedelta

import polars as pl

from autopilot_analysis.fleet import measure_time_attribution
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


def test_stages_and_the_unattributed_rest_sum_exactly_to_the_total():
    deployments, _ = simulate_fleet(800, seed=6)
    ended = deployments.filter(pl.col("outcome").is_in(["succeeded", "failed"]))
    attributed = measure_time_attribution(deployments, by="profile")
    sums = attributed.group_by("profile").agg(pl.col("time").sum()).sort("profile")
    assert (
        sums["time"].to_list()
        == ended.group_by("profile").agg(pl.col("total").sum()).sort("profile")["total"].to_list()
    )


def test_an_attempt_whose_stages_exceed_its_total_is_left_out_and_counted():
    frame = pl.DataFrame(
        {
            "outcome": ["succeeded", "succeeded"],
            "total": [timedelta(minutes=30), timedelta(minutes=10)],
            "device_setup": [timedelta(minutes=20), timedelta(minutes=20)],
        }
    )
    rows = measure_time_attribution(frame).select("stage", "n", "excluded", "time").rows()
    assert ("device_setup", 1, 1, timedelta(minutes=20)) in rows
    assert ("unattributed", 1, 1, timedelta(minutes=10)) in rows
