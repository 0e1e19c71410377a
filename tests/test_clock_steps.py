"""Where a clock step begins to be one, and when two records show the same one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import clock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def step_event(rows, old_at, new_at):
    data = json.dumps({"OldTime": old_at, "NewTime": new_at})
    provider = "Microsoft-Windows-Time-Service"
    return rows("events", {"recorded_at": NOON, "provider": provider, "event_id": 261, "data": data})


def kept(*steps):
    """How many steps are left of (instant, seconds) that two records or more show."""
    frame = pl.DataFrame(
        [
            {
                "old_at": NOON + at,
                "new_at": NOON + at + timedelta(seconds=seconds),
                "sure": True,
                "named": True,
                "amount": timedelta(seconds=seconds),
                "member": "system.evtx",
                "channel": "system",
                "record": number,
            }
            for number, (at, seconds) in enumerate(steps)
        ]
    )
    return clock.keep_steps(frame).height


@pytest.mark.parametrize(("seconds", "steps"), [("01", 0), ("03", 1)])
def test_a_correction_of_less_than_two_seconds_is_no_step(rows, seconds, steps):
    event = step_event(rows, "2026-03-02T12:00:00Z", f"2026-03-02T12:00:{seconds}Z")
    assert clock.find_steps(event).height == steps


@pytest.mark.parametrize(("new_at", "steps"), [("9999-05-01T00:00:00Z", 0), ("9998-05-01T00:00:00Z", 1)])
def test_a_step_to_a_year_that_nothing_can_show_is_none(rows, new_at, steps):
    assert clock.find_steps(step_event(rows, "2026-03-02T12:00:00Z", new_at)).height == steps


def test_records_whose_amounts_differ_by_half_a_minute_show_one_step():
    assert kept((timedelta(), 3600), (timedelta(), 3630)) == 1
    assert kept((timedelta(), 3600), (timedelta(), 3631)) == 2


def test_records_half_an_hour_apart_show_one_step():
    assert kept((timedelta(), 3600), (timedelta(minutes=30), 3600)) == 1
    assert kept((timedelta(), 3600), (timedelta(minutes=31), 3600)) == 2
