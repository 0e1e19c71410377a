"""Lists of events in local time: by the zone, by log lines, as written, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl

from autopilot_analysis import clock
from autopilot_analysis.tables import CLOCKS

WRITTEN = datetime(2026, 5, 12, 9, 10, tzinfo=UTC)
EVENTS = {
    "member": pl.String, "record": pl.Int64, "recorded_at": pl.Datetime("us", "UTC"),
    "at": pl.Datetime("us", "UTC"), "clock": pl.Enum(list(CLOCKS)),
    "provider": pl.String, "event_id": pl.Int64,
    "data": pl.String, "channel": pl.String,
}  # fmt: skip
LINES = {
    "written_at": pl.Datetime("us"), "at": pl.Datetime("us", "UTC"), "clock": pl.Enum(list(CLOCKS)),
}  # fmt: skip


def events(*clocks):
    rows = [("Admin.csv", n, WRITTEN, WRITTEN, each, "x", 1, None, None) for n, each in enumerate(clocks)]
    return pl.DataFrame(rows, schema=EVENTS, orient="row")


def lines(*hours, clock="anchored"):
    at = WRITTEN.replace(minute=0)
    rows = [(at.replace(hour=9 + hour, tzinfo=None), at, clock) for hour in hours]
    return pl.DataFrame(rows, schema=LINES, orient="row")


def placed(listed, others, log_lines, zone):
    return clock.place_listed(listed, others, log_lines, zone).select("at", "clock").rows()


def test_lists_are_parted_from_logs_by_their_clock():
    listed, others = clock.part_listed(events("unknown", "declared", "corrected"))
    assert (listed["clock"].to_list(), others["clock"].to_list()) == (["unknown"], ["declared", "corrected"])


def test_the_zone_of_the_device_places_a_list():
    assert placed(events("unknown"), events(), lines(), "Europe/Berlin") == [
        (datetime(2026, 5, 12, 7, 10, tzinfo=UTC), "device_zone")
    ]


def test_log_lines_that_all_lie_equally_far_from_utc_place_a_list():
    assert placed(events("unknown"), events("declared"), lines(9, 9), None) == [
        (datetime(2026, 5, 12, 0, 10, tzinfo=UTC), "anchored")
    ]
    assert placed(events("unknown"), events("declared"), lines(9, 1), None) == [(None, "unknown")]


def test_log_lines_that_declare_their_offset_place_a_list_as_anchored_ones_do():
    assert placed(events("unknown"), events("declared"), lines(2, 2, clock="declared"), None) == [
        (datetime(2026, 5, 12, 7, 10, tzinfo=UTC), "anchored")
    ]
    assert placed(events("unknown"), events("declared"), lines(2, clock="unknown"), None) == [
        (None, "unknown")
    ]


def answered(*times):
    """Listed events in whose message Entra ID names its own time, each of the same local minute."""
    said = [json.dumps({"RenderedMessage": f"AADSTS53003: Blocked. Timestamp: {time}Z"}) for time in times]
    return events(*["unknown"] * len(said)).with_columns(data=pl.Series(said, dtype=pl.String))


def test_the_time_that_an_answer_of_entra_names_places_a_list():
    assert placed(answered("2026-05-12 14:10:01"), events("declared"), lines(), None) == [
        (datetime(2026, 5, 12, 14, 10, tzinfo=UTC), "anchored")
    ]


def test_answers_that_name_times_of_several_offsets_place_nothing():
    several = answered("2026-05-12 14:10:01", "2026-05-12 13:10:01")
    assert placed(several, events("declared"), lines(), None) == [(None, "unknown")] * 2
    stale = answered("2026-05-12 14:02:01")
    assert placed(stale, events("declared"), lines(), None) == [(None, "unknown")]


def test_alone_a_list_stays_as_it_was_written():
    assert placed(events("unknown"), events(), lines(), None) == [(WRITTEN, "unknown")]


def test_beside_instants_in_utc_a_list_without_a_zone_has_none():
    assert placed(events("unknown"), events("declared"), lines(), None) == [(None, "unknown")]
