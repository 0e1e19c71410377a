from __future__ import annotations

import polars as pl
from polars.testing import assert_frame_equal

from autopilot_analysis.fleet import measure_durations
from autopilot_analysis.widgets import explore_timings


def test_the_numbers_are_those_of_the_measure(fleet):
    explorer = explore_timings(fleet[0])
    explorer.choose(stage="device_setup", group="group_tag", quantile="p95", where="model", value="Slate 13")
    kept = fleet[0].filter(pl.col("model") == "Slate 13")
    measured = measure_durations(kept, by="group_tag", stages=["device_setup"])
    columns = ["group_tag", "stage", "n", "finished", "unfinished", "p95", "p95_low", "p95_high"]
    shown = explorer.view.frames[0][1]
    assert_frame_equal(shown, measured.select(columns), check_row_order=False)
    assert shown["n"].is_sorted(descending=True)


def test_the_values_of_a_filter_follow_its_column(fleet):
    explorer = explore_timings(fleet[0])
    assert explorer.controls["value"].options == (("any", ""),)
    explorer.choose(where="profile")
    assert [value for _, value in explorer.controls["value"].options][1] == "User driven"
    explorer.choose(value="Kiosk", where="model")
    assert explorer.selection.value == ""


def test_the_scale_is_logarithmic_when_asked(fleet):
    explorer = explore_timings(fleet[0])
    assert explorer.view.draw().get_xscale() == "linear"
    explorer.choose(log=True)
    assert explorer.view.draw().get_xscale() == "log"


def test_many_groups_are_capped_and_counted(fleet):
    many = fleet[0].with_columns(model=pl.format("Model {}", pl.int_range(pl.len()) % 90))
    assert "showing 30 of 90 groups" in explore_timings(many).view.sentence


def test_an_empty_fleet_and_pandas_are_fine(fleet):
    assert explore_timings(fleet[0].clear()).view.sentence == "0 attempts; 1 group."
    assert explore_timings(fleet[0].head(50).to_pandas()).view.sentence.startswith("50 attempts")
