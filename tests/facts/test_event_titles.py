from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.tables import KINDS, LANES, STAGES
from autopilot_analysis.timeline.records import event_titles


def test_each_event_has_one_short_wording_and_a_page():
    titles = read_facts("event_titles")
    each = one_each(titles, "provider")
    assert each.select(pl.col("provider").str.to_lowercase(), "event_id").is_unique().all()
    assert titles.select("title", "page").null_count().row(0) == (0, 0)
    assert titles["title"].str.len_chars().max() <= 64
    assert titles["event_id"].cast(pl.Int64).is_between(1, 65535).all()


def test_wordings_stand_in_lanes_that_exist_and_noise_stands_in_none():
    titles = read_facts("event_titles")
    assert set(titles["lane"].drop_nulls()) <= set(LANES)
    assert titles.filter(pl.col("dim") == "yes")["lane"].null_count() == titles["dim"].count()
    assert set(titles["dim"].drop_nulls()) == {"yes"}


def test_every_event_that_is_a_mark_has_a_title_and_only_one():
    marks = one_each(read_facts("stages"), "provider").filter(
        pl.col("kind") == "event", pl.col("event_id").is_not_null()
    )
    keys = marks.select(low_provider="provider", event_id=pl.col("event_id").cast(pl.Int64))
    assert keys.join(event_titles(), on=["low_provider", "event_id"], how="anti").rows() == []
    assert event_titles().select("low_provider", "event_id").is_unique().all()


def test_every_stage_and_kind_of_install_has_a_lane():
    lanes = read_facts("timeline_lanes")
    assert set(lanes["lane"]) <= set(LANES)
    named = {of: set(lanes.filter(pl.col("of") == of)["name"]) for of in ("stage", "install", "mark")}
    assert named["stage"] == set(STAGES)
    assert set(KINDS) <= named["install"]
    assert named["mark"] <= set(read_facts("stages")["mark"])
