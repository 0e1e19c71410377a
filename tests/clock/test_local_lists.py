"""Lists of events in local time: by the zone, by log lines, as written, or not at all."""

from __future__ import annotations

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


def lines(*hours):
    at = WRITTEN.replace(minute=0)
    rows = [(at.replace(hour=9 + hour, tzinfo=None), at, "anchored") for hour in hours]
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


def test_alone_a_list_stays_as_it_was_written():
    assert placed(events("unknown"), events(), lines(), None) == [(WRITTEN, "unknown")]


def test_beside_instants_in_utc_a_list_without_a_zone_has_none():
    assert placed(events("unknown"), events("declared"), lines(), None) == [(None, "unknown")]
