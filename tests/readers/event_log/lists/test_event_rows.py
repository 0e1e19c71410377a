"""Listed events become rows: in the order they were written, numbered, dated, named as far as can be."""

from datetime import UTC, datetime

import pytest

from autopilot_analysis.readers.event_log.lists.event_rows import (
    NAME_THEM,
    NAMELESS,
    SAVE_IT,
    Listed,
    events_of,
)
from autopilot_analysis.readers.local_times import TELL

PROVIDER = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"


def events(*cells):
    return events_of([Listed({"provider": PROVIDER, "event_id": "153", **each}) for each in cells])


def stamp(second, day=2):
    return f"2026-03-{day:02}T08:00:{second:02}Z"


def test_a_listed_event_is_a_row_with_what_the_list_says():
    one = {
        "record": " 17 ", "version": "0", "process_id": "1204", "thread_id": "88", "computer": "FRONT-7",
        "channel": "", "user_sid": "", "activity_id": "{ab12}", "at": stamp(5), "level": "Error",
    }  # fmt: skip
    row = events(one).rows["events"].row(0, named=True)
    assert {name: row[name] for name in ("record", "event_id", "version", "process_id", "thread_id")} == {
        "record": 17, "event_id": 153, "version": 0, "process_id": 1204, "thread_id": 88,
    }  # fmt: skip
    assert (row["computer"], row["user_sid"], row["activity_id"]) == ("FRONT-7", None, "AB12")
    assert (row["recorded_at"], row["clock"]) == (datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC), "declared")
    assert row["channel"] == f"{PROVIDER}/Autopilot"
    assert row["level"] == 2


@pytest.mark.parametrize("order", [[1, 2, 3, 4], [4, 3, 2, 1], [3, 1, 4, 2]])
def test_records_without_a_number_are_numbered_from_the_oldest_on(order):
    rows = events(*({"at": stamp(second), "computer": f"PC-{second}"} for second in order)).rows["events"]
    assert rows.select("record", "computer").rows() == [(n, f"PC-{n}") for n in (1, 2, 3, 4)]


def test_a_list_from_the_newest_on_is_turned_round_within_a_second_too():
    rows = events({"at": stamp(9)}, {"at": stamp(1), "computer": "B"}, {"at": stamp(1), "computer": "A"})
    assert rows.rows["events"]["computer"].to_list() == ["A", "B", None]


def test_numbers_that_stand_twice_are_none():
    rows = events({"record": "7", "at": stamp(1)}, {"record": "7", "at": stamp(2)}).rows["events"]
    assert rows["record"].to_list() == [1, 2]


@pytest.mark.parametrize("number", ["", "x", "-4", "1" * 19])
def test_what_is_no_number_is_null(number):
    assert events({"process_id": number, "at": stamp(1)}).rows["events"]["process_id"].to_list() == [None]


def test_what_cannot_be_dated_or_named_is_a_gap():
    reading = events({"provider": "", "at": "once upon a time"})
    reasons = {gap.reason: (gap.count, gap.advice) for gap in reading.unread}
    assert reasons[NAMELESS] == (1, NAME_THEM)
    assert reasons["events whose time is not shown, or cannot be read"][0] == 1


@pytest.mark.parametrize(("times", "advice"), [(("", ""), SAVE_IT), (("", "once"), TELL)])
def test_days_of_a_list_are_asked_for_where_one_is_written(times, advice):
    (gap,) = events(*({"at": at} for at in times)).unread
    assert (gap.count, gap.advice) == (2, advice)
