"""In which attempt a row lies."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.place import BELONGS_WITHIN, PAGE_WAITS, place, spans_of, without_far

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = {"attempt": 1, "started_at": START, "ended_at": START + HOUR, "outcome": "succeeded"}
SECOND = {
    "attempt": 2, "started_at": START + 11 * DAY, "ended_at": START + 11 * DAY + HOUR, "outcome": "failed",
    "failed_stage": "account_setup", "code": "0x80070666",
}  # fmt: skip


def attempts(*given):
    schema = schema_of("attempts")
    rows = [{name: (row | {"device": "D"}).get(name) for name in schema} for row in given]
    return pl.DataFrame(rows, schema=schema)


def runs(*given):
    schema = schema_of("stage_runs")
    rows = [{name: ({"device": "D", "attempt": 1} | row).get(name) for name in schema} for row in given]
    return pl.DataFrame(rows, schema=schema)


def lies_in(known, at=None, phase=None, code=None, seen=()):
    row = pl.DataFrame(
        {"device": ["D"], "at": [at], "phase": [phase], "code": [code]},
        schema_overrides={"at": pl.Datetime("us", "UTC"), "phase": pl.String, "code": pl.String},
    )
    return place(row, known, spans_of(known, runs(*seen)))["attempt"].item()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (START - HOUR, None),
        (START, 1),
        (START + HOUR + BELONGS_WITHIN, 1),
        (START + HOUR + BELONGS_WITHIN + timedelta(seconds=1), None),
        (START + 11 * DAY, 2),
    ],
)
def test_a_dated_row_lies_in_the_last_attempt_begun_until_its_aftermath_is_over(at, expected):
    assert lies_in(attempts(FIRST, SECOND), at) == expected


@pytest.mark.parametrize(
    ("seen", "last"),
    [
        ([], START),
        ([{"started_at": START + HOUR}], START + HOUR),
        (
            [{"started_at": START, "ended_at": START + 2 * HOUR}, {"started_at": START + HOUR}],
            START + 2 * HOUR,
        ),
        ([{"attempt": 2, "started_at": START + HOUR}], START),
    ],
)
def test_an_attempt_without_an_end_reaches_a_pages_longest_wait_beyond_what_was_seen_of_it(seen, last):
    unfinished = attempts(FIRST | {"ended_at": None, "outcome": "unfinished"})
    assert lies_in(unfinished, last + PAGE_WAITS, seen=seen) == 1
    assert lies_in(unfinished, last + PAGE_WAITS + timedelta(seconds=1), seen=seen) is None


def test_an_undated_row_belongs_to_the_only_attempt():
    assert lies_in(attempts(FIRST)) == 1
    assert lies_in(attempts(FIRST, SECOND)) is None


@pytest.mark.parametrize(
    ("phase", "code", "expected"),
    [
        ("account", "0x80070666", 2),
        ("device", "0x80070666", None),
        ("account", "0x80070643", None),
        (None, None, None),
    ],
)
def test_of_several_attempts_an_undated_row_belongs_to_the_failure_of_its_phase_and_code(
    phase, code, expected
):
    assert lies_in(attempts(FIRST, SECOND), None, phase, code) == expected


def test_two_failures_that_fit_alike_leave_it_open():
    assert lies_in(attempts(SECOND | {"attempt": 1}, SECOND), None, "account", "0x80070666") is None


def test_rows_keep_their_order_and_an_older_number_is_replaced():
    rows = pl.DataFrame(
        {"device": ["D", "D", "D"], "attempt": [9, 9, 9], "at": [START + 11 * DAY, None, START]},
        schema_overrides={"at": pl.Datetime("us", "UTC")},
    )
    known = attempts(FIRST, SECOND)
    placed = place(rows, known, spans_of(known, runs()))
    assert placed.columns == ["device", "attempt", "at"]
    assert placed["attempt"].to_list() == [2, None, 1]


@pytest.mark.parametrize(
    ("known", "blocking", "expected"),
    [
        ([{"attempt": 1, "outcome": "failed"}], True, 1),
        ([{"attempt": 1, "outcome": "failed"}], False, None),
        ([{"attempt": 1, "outcome": "failed"}], None, None),
        ([{"attempt": 1, "outcome": "failed", "ended_at": START - 9 * DAY}], True, None),
        ([{"attempt": 1, "outcome": "failed"}, {"attempt": 2, "outcome": "failed"}], True, None),
    ],
)
def test_what_the_page_tracks_belongs_to_the_only_attempt_when_no_instant_of_that_is_known(
    known, blocking, expected
):
    row = pl.DataFrame({"device": ["D"], "at": [START], "blocking": [blocking]}, schema_overrides={
        "at": pl.Datetime("us", "UTC"), "blocking": pl.Boolean,
    })  # fmt: skip
    tried = attempts(*known)
    assert place(row, tried, spans_of(tried, runs()))["attempt"].item() == expected


def written(moment, **more):
    """Return an install of a log that names no zone, which ran at a time of its clock, in one attempt."""
    row = {
        "device": "D",
        "attempt": 1,
        "detail": json.dumps({"started_written": moment.replace(tzinfo=None).isoformat()}),
    } | more
    schema = schema_of("installs")
    return pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)


@pytest.mark.parametrize(
    ("off", "attempt"),
    [
        (HOUR, 1),
        (12 * HOUR, 1),
        (26 * HOUR, 1),
        (30 * HOUR, None),
        (120 * DAY, None),
        (-11 * HOUR, 1),
        (-2 * DAY, None),
    ],
)
def test_what_a_log_without_a_zone_wrote_further_off_than_any_zone_is_no_part_of_the_attempt(off, attempt):
    spans = spans_of(attempts(FIRST), runs())
    assert without_far(written(START + off), spans)["attempt"].item() == attempt


def test_an_instant_or_want_of_any_time_leaves_the_attempt_as_it_is():
    spans = spans_of(attempts(FIRST), runs())
    for more in ({"ended_at": START}, {"detail": None}):
        assert without_far(written(START + 120 * DAY, **more), spans)["attempt"].item() == 1
