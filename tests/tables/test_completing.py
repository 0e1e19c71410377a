"""Frames made whole: lacking columns, and captures of one device."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
from polars.testing import assert_frame_equal

from autopilot_analysis.tables.completing import merge_captures, where_distinct, with_lacking

MARCH = datetime(2026, 3, 2, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, tzinfo=UTC)


def test_columns_that_a_frame_lacks_are_null_and_those_it_has_stay():
    frame = pl.DataFrame({"device": ["SN-0001"], "exit_code": ["3010"]})
    whole = with_lacking(frame, {"device": pl.String, "exit_code": pl.Int64, "at": pl.Datetime("us", "UTC")})
    assert whole.schema["exit_code"] == pl.String
    assert whole.schema["at"] == pl.Datetime("us", "UTC")
    assert whole.rows() == [("SN-0001", "3010", None)]


def test_a_frame_that_lacks_nothing_is_as_it_was():
    frame = pl.DataFrame({"device": ["SN-0001"]})
    assert_frame_equal(with_lacking(frame, {"device": pl.String()}), frame)


def test_what_the_later_capture_says_of_a_device_counts_and_the_earlier_fills_what_it_lacks(rows):
    earlier = {"name": "OLD-0001", "model": "Slate 12", "collected_at": datetime(2026, 3, 2, tzinfo=UTC)}
    later = {"name": "AP-0001", "model": None, "collected_at": datetime(2026, 3, 3, tzinfo=UTC)}
    (device,) = merge_captures(rows("devices", earlier, later), ["device"]).iter_rows(named=True)
    assert (device["name"], device["model"]) == ("AP-0001", "Slate 12")


def test_coverage_of_two_captures_is_the_better_presence_and_their_sum():
    frame = pl.DataFrame(
        {
            "device": ["SN-0001", "SN-0001", "SN-0001"],
            "source": ["event_log", "event_log", "agent_log"],
            "presence": ["absent", "present", "partial"],
            "members": [0, 2, 1],
            "records": [0, 40, 7],
            "first_at": [None, MARCH, MARCH],
            "last_at": [None, APRIL, MARCH],
        }
    )
    merged = merge_captures(frame, ["device", "source"])
    assert merged.rows() == [
        ("SN-0001", "agent_log", "partial", 1, 7, MARCH, MARCH),
        ("SN-0001", "event_log", "present", 2, 40, MARCH, APRIL),
    ]


def test_a_condition_on_a_column_that_repeats_keeps_the_rows_that_a_filter_keeps():
    frame = pl.DataFrame({"key": ["b", None, "a", "b", "c"], "value": [1, 2, 3, 4, 5]})
    fits = pl.col("key").str.contains("a|b")
    assert where_distinct(frame, "key", fits).equals(frame.filter(fits))
    assert where_distinct(frame.clear(), "key", fits).is_empty()
