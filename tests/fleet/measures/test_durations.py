from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.fleet import measure_durations
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


def minutes(*values):
    return [None if value is None else timedelta(minutes=value) for value in values]


def test_percentiles_of_each_group_equal_numpy():
    deployments, _ = simulate_fleet(1500, seed=4)
    measured = measure_durations(deployments, by=["model", "profile"], stages=["total"])
    for row in measured.iter_rows(named=True):
        group = deployments.filter(model=row["model"], profile=row["profile"])
        ended = group.filter(pl.col("outcome").is_in(["succeeded", "failed"]), pl.col("total").is_not_null())
        spans = ended["total"].dt.total_microseconds().to_numpy()
        assert row["finished"] == spans.size
        for name, quantile in {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}.items():
            assert row[name] / timedelta(microseconds=1) == pytest.approx(np.quantile(spans, quantile), abs=1)


def test_unfinished_attempts_are_counted_and_kept_out_of_the_percentiles():
    frame = pl.DataFrame(
        {
            "outcome": ["succeeded", "failed", "in_progress", "abandoned", "succeeded"],
            "total": minutes(10, 20, 900, None, None),
        }
    )
    row = measure_durations(frame, stages=["total"]).row(0, named=True)
    assert (row["n"], row["finished"], row["unfinished"], row["unmeasured"]) == (5, 2, 2, 1)
    assert row["p50"] == timedelta(minutes=15)


def test_a_stage_that_a_later_one_followed_is_finished_though_the_attempt_still_runs():
    frame = pl.DataFrame(
        {"outcome": ["in_progress"], "device_setup": minutes(12), "account_setup": minutes(3)}
    )
    measured = measure_durations(frame, stages=["device_setup", "account_setup"])
    assert measured["finished"].to_list() == [1, 0]


def test_a_small_sample_has_an_open_interval():
    frame = pl.DataFrame({"outcome": ["succeeded"] * 5, "total": minutes(1, 2, 3, 4, 5)})
    row = measure_durations(frame, stages=["total"]).row(0, named=True)
    assert row["p50"] == timedelta(minutes=3)
    assert row["p99_high"] is None


def test_spans_too_long_for_the_fast_sort_are_still_right():
    frame = pl.DataFrame({"outcome": ["succeeded"] * 3, "total": [timedelta(days=d) for d in (1, 400, 900)]})
    assert measure_durations(frame, stages=["total"])["p50"][0] == timedelta(days=400)


def test_an_empty_frame_gives_counts_of_zero():
    deployments, _ = simulate_fleet(50)
    measured = measure_durations(deployments.clear())
    assert measured["n"].to_list() == [0, 0, 0, 0]
    assert measured["p50"].null_count() == 4


def test_a_missing_column_is_named():
    with pytest.raises(UnknownName, match="did you mean model"):
        measure_durations(simulate_fleet(50)[0], by="modell")
