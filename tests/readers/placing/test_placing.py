"""Events and lines stand by member and record, placed in time."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
from polars.testing import assert_frame_equal

from autopilot_analysis import wording
from autopilot_analysis.clock.offsets import FURTHEST, FURTHEST_BEHIND
from autopilot_analysis.readers.captured import ROWS, Capture
from autopilot_analysis.readers.placing.placing import UNPLACED, ZONELESS, _in_order, place, zoneless
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.typed import empty


def test_lines_and_events_stand_by_member_and_record_each_column_in_one_piece(read, cabinet):
    tables = read(cabinet)
    for frame in (tables.log_lines, tables.events):
        places = frame.select("member", "record")
        assert places["member"].n_unique() > 1
        assert_frame_equal(places, places.sort("member", "record"))
        assert set(frame.n_chunks("all")) == {1}


def test_lines_without_any_event_beside_them_are_placed_by_the_zone_and_none_are_none(rows):
    written = datetime.fromisoformat("2026-03-02 09:00")
    line = {"member": "a.log", "message": "x", "clock": "unknown", "written_at": written}
    none = {name: empty(SCHEMAS[name]).drop("device") for name in ROWS}
    placed = place({**none, "log_lines": rows("log_lines", line).drop("device")}, "Europe/Berlin", Capture())
    assert placed["log_lines"]["at"].to_list() == [datetime(2026, 3, 2, 8, tzinfo=UTC)]
    assert place(none, "Europe/Berlin", Capture()) == none


def test_records_of_a_member_read_later_are_put_behind_those_before_them():
    events = pl.DataFrame({"member": ["a", "b", "a"], "record": [1, 1, 2]})
    assert _in_order(events).rows() == [("a", 1), ("a", 2), ("b", 1)]


def test_a_list_whose_zone_nothing_tells_is_a_gap_with_its_count():
    listed = ["unknown", "unknown", "declared"]
    events = pl.DataFrame(
        {"member": ["list.csv", "list.csv", "log.evtx"], "clock": listed, "recorded_at": [1, 1, 1]}
    )
    (gap,) = zoneless(events, "SN-1").to_dicts()
    assert (gap["member"], gap["count"], gap["reason"]) == ("list.csv", 2, ZONELESS)


def test_how_far_an_instant_may_lie_off_is_how_far_zones_lie_from_utc():
    ahead, behind = wording.span(FURTHEST), wording.span(FURTHEST_BEHIND)
    assert UNPLACED.endswith(f"{ahead} before and {behind} after")
    assert f" {ahead} " in ZONELESS
