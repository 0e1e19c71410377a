"""A list beside a log that holds the same events: the log tells the offset, each event is kept once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import clock
from autopilot_analysis.clock.list_twins import twin_offset
from autopilot_analysis.tables import CLOCKS

START = datetime(2026, 5, 12, 7, 10, 0, 123000, tzinfo=UTC)
SCHEMA = {
    "member": pl.String, "record": pl.Int64, "provider": pl.String, "event_id": pl.Int64,
    "recorded_at": pl.Datetime("us", "UTC"), "at": pl.Datetime("us", "UTC"), "clock": pl.Enum(list(CLOCKS)),
    "channel": pl.String, "data": pl.String,
}  # fmt: skip
LINES = pl.DataFrame(
    schema={"written_at": pl.Datetime("us"), "at": pl.Datetime("us", "UTC"), "clock": pl.Enum(list(CLOCKS))}
)


def events(*seconds, member="Admin.evtx", ahead=None, provider="Example"):
    """Events at seconds behind the start; with `ahead` those of a list, whole seconds and local."""
    rows = []
    for number, second in enumerate(seconds, 1):
        at = START + timedelta(seconds=second)
        if ahead is not None:
            at = at.replace(microsecond=0) + timedelta(hours=ahead)
        known = "declared" if ahead is None else "unknown"
        rows.append((member, number, provider, second % 3, at, at, known, None, None))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_the_same_events_in_a_log_tell_the_offset_of_a_list():
    log, listed = events(0, 7, 40, 95), events(0, 7, 40, 95, member="a.csv", ahead=2, provider="EXAMPLE")
    assert twin_offset(listed, log) == timedelta(hours=2)
    placed = clock.place_listed(listed, log, LINES, None)
    assert placed["at"].to_list() == log["at"].dt.truncate("1s").to_list()
    assert placed["clock"].unique().to_list() == ["anchored"]


def test_a_list_that_was_saved_in_utc_is_known_for_it():
    placed = clock.place_listed(events(0, 7, 40, ahead=0), events(0, 7, 40), LINES, None)
    assert placed["clock"].unique().to_list() == ["anchored"]


@pytest.mark.parametrize(("seconds", "offset"), [((0, 7), None), ((0, 7, 40), timedelta(hours=-7))])
def test_three_events_show_an_offset(seconds, offset):
    assert twin_offset(events(*seconds, ahead=-7), events(*seconds)) == offset


def test_an_offset_that_does_not_stand_out_is_none():
    log = pl.concat([events(0, 7, 40), events(*(second - 3600 for second in (0, 7, 40)))])
    assert twin_offset(events(0, 7, 40, ahead=2), log) is None


def test_events_that_lie_minutes_apart_are_no_twins():
    assert twin_offset(events(0, 7, 40, ahead=0.2), events(0, 7, 40)) is None


def test_an_event_is_kept_once_whoever_holds_it():
    log = events(0, 7)
    listed = pl.concat([events(0, 40, member="a.csv", ahead=0), events(40, 95, member="b.csv", ahead=0)])
    kept = clock.without_twins(listed, log)
    assert kept.select("member", "at").rows() == [
        ("a.csv", START.replace(microsecond=0) + timedelta(seconds=40)),
        ("b.csv", START.replace(microsecond=0) + timedelta(seconds=95)),
    ]


def test_events_of_one_second_in_one_list_are_all_kept():
    assert clock.without_twins(events(0, 3, 3, ahead=0), events()).height == 3


def test_events_without_an_instant_are_all_kept():
    undated = pl.concat([events(0, ahead=0), events(0, member="b.csv", ahead=0)])
    undated = undated.with_columns(at=pl.lit(None, SCHEMA["at"]))
    assert clock.without_twins(undated, events(0).with_columns(at=pl.lit(None, SCHEMA["at"]))).height == 2
