from __future__ import annotations

import json
from itertools import groupby, pairwise

from autopilot_analysis.timeline import build_timeline, write_timeline


def events(file):
    return json.loads(file.read_text(encoding="utf-8"))["traceEvents"]


def app(world, name, start, end):
    return {
        "item": name, "name": name, "kind": "win32", "try_number": 1, "outcome": "succeeded",
        "started_at": world.at(start), "ended_at": None if end is None else world.at(end),
        "member": "a.log", "record": start,
    }  # fmt: skip


def line_of(world, *apps):
    return build_timeline(world.tables({}), world.trace({"installs": world.frame("installs", *apps)}))


def test_every_dated_row_is_a_bar_or_an_instant_in_whole_microseconds(timeline, tmp_path):
    found = events(write_timeline(timeline, tmp_path / "t", "perfetto"))
    shown = [event for event in found if event["ph"] != "M"]
    assert len(shown) == timeline["at"].len() - timeline["at"].null_count()
    assert all(type(event["ts"]) is int and type(event.get("dur", 1)) is int for event in shown)


def test_bars_that_overlap_stand_on_tracks_of_their_own(world, tmp_path):
    line = line_of(world, app(world, "A", 0, 10), app(world, "A", 5, 8), app(world, "A", 10, 12))
    bars = [event for event in events(write_timeline(line, tmp_path / "t", "perfetto")) if event["ph"] == "X"]
    assert [(bar["tid"], bar["dur"] // 10**6) for bar in bars] == [(1, 10), (1, 2), (2, 3)]


def test_no_two_bars_of_a_track_overlap(timeline, tmp_path):
    found = events(write_timeline(timeline, tmp_path / "t", "perfetto"))
    bars = sorted(
        ((e["pid"], e["tid"], e["ts"], e["dur"]) for e in found if e["ph"] == "X"), key=lambda bar: bar
    )
    for _, of_track in groupby(bars, key=lambda bar: bar[:2]):
        spans = [(start, start + length) for _, _, start, length in of_track]
        assert all(end <= begun for (_, end), (begun, _) in pairwise(spans))


def test_a_span_without_an_end_says_so(world, tmp_path):
    file = write_timeline(line_of(world, app(world, "A", 0, None)), tmp_path / "t", "perfetto")
    (shown,) = [event for event in events(file) if event["ph"] == "i"]
    assert shown["args"]["end"] == "not recorded"


def test_lanes_are_processes_and_tracks_are_threads(world, tmp_path):
    found = events(write_timeline(line_of(world, app(world, "Viewer", 0, 1)), tmp_path / "t", "perfetto"))
    names = [(event["name"], event["args"].get("name")) for event in found if event["ph"] == "M"]
    assert names == [("process_name", "Apps"), ("process_sort_index", None), ("thread_name", "Viewer")]
