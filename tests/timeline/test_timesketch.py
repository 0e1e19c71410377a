from __future__ import annotations

import json
from datetime import timedelta

import polars as pl

from autopilot_analysis.timeline import build_timeline, write_timeline
from autopilot_analysis.timeline.timesketch import DESCRIPTIONS, ENDS


def objects(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_each_dated_row_is_a_line_with_the_four_fields_timesketch_wants(timeline, tmp_path):
    rows = objects(write_timeline(timeline, tmp_path / "t.jsonl", "timesketch"))
    dated = timeline.filter(timeline["at"].is_not_null())
    assert sum(not row["timestamp_desc"].endswith(" End") for row in rows) == dated.height
    assert all(row["message"] and row["datetime"] and row["timestamp_desc"] for row in rows)
    assert [row["timestamp"] for row in rows] == sorted(row["timestamp"] for row in rows)


def test_a_span_is_found_by_its_start_and_by_its_end(world, tmp_path):
    run = {
        "attempt": 1,
        "stage": "network",
        "started_at": world.at(0),
        "ended_at": world.at(9),
        "outcome": "succeeded",
    }
    line = build_timeline(world.tables({}), world.trace({"stage_runs": world.frame("stage_runs", run)}))
    start, end = objects(write_timeline(line, tmp_path / "t", "timesketch"))
    assert (start["timestamp_desc"], start["datetime"]) == ("Stage Start", "2026-03-02T08:00:00.000000+00:00")
    assert (end["timestamp_desc"], end["timestamp"] - start["timestamp"]) == ("Stage End", 9_000_000)
    assert start["message"] == "Network · succeeded [Network]"


def test_a_sleep_is_a_change_of_the_device_that_has_an_end(world, tmp_path):
    slept = {"kind": "sleep", "at": world.at(0), "amount": timedelta(seconds=9)}
    line = build_timeline(world.tables({}), world.trace({"steps": world.frame("steps", slept)}))
    rows = objects(write_timeline(line, tmp_path / "t", "timesketch"))
    assert [row["timestamp_desc"] for row in rows] == ["Device State Change", "Device State Change End"]


def test_what_ends_is_something_that_is_described(timeline):
    lasting = timeline.filter(timeline["ended_at"] > timeline["at"])["kind"].cast(pl.String).unique()
    assert set(lasting) <= set(ENDS) <= set(DESCRIPTIONS)


def test_evidence_is_tagged_with_its_finding(timeline, tmp_path):
    rows = objects(write_timeline(timeline, tmp_path / "t.jsonl", "timesketch"))
    assert any("finding-1" in row["tag"] for row in rows)
