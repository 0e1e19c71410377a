from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from matplotlib.patches import PathPatch

from autopilot_analysis.figures import draw_swimlanes
from autopilot_analysis.tables import SCHEMAS

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_longest_attempts_are_drawn_the_longest_first(fleet):
    ax = draw_swimlanes(fleet, most=10)
    longest = fleet.drop_nulls("total").sort("total", descending=True).head(3).to_dicts()
    several = fleet.filter(pl.col("device").is_duplicated())["device"].to_list()
    called = [row["deployment"] if row["device"] in several else row["name"] for row in longest]
    assert [label.get_text() for label in ax.get_yticklabels()][:3] == called
    assert len({row["device"] in several for row in longest}) == 2  # both kinds are among them


def test_the_bars_of_a_lane_sum_to_its_total(fleet, bars):
    one = fleet.filter(pl.col("outcome") == "succeeded").head(1)
    total = one["total"][0].total_seconds() / 60
    assert sum(bar["width"] for bar in bars(draw_swimlanes(one))) == pytest.approx(total)


def test_stage_runs_are_drawn_where_they_began(bars):
    runs = SCHEMAS["stage_runs"].create_empty()
    rows = [
        {"device": "D", "attempt": 1, "stage": stage, "started_at": START + timedelta(minutes=at),
         "waited": timedelta(minutes=5), "outcome": "succeeded"}
        for stage, at in (("entra_join", 0), ("device_setup", 20))
    ]  # fmt: skip
    ax = draw_swimlanes(pl.DataFrame(rows, schema_overrides={"stage": runs.schema["stage"]}))
    assert sorted(bar["left"] for bar in bars(ax)) == [0.0, 20.0]


def test_hundreds_of_lanes_are_one_shape_a_stage(fleet):
    ax = draw_swimlanes(fleet, most=500)
    assert sum(isinstance(patch, PathPatch) for patch in ax.patches) == 4
    assert ax.get_xlabel().startswith("minutes since the attempt began; 500 attempts")


def test_pandas_is_taken_and_nothing_says_so(fleet, texts):
    assert texts(draw_swimlanes(fleet.to_pandas(), most=5)) == texts(draw_swimlanes(fleet, most=5))
    assert "no attempt says how long it took" in texts(draw_swimlanes(fleet.clear()))
