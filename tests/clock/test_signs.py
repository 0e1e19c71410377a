"""Where a clock step begins to be one, and which record of it says that the past was wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis import clock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KERNEL = "Microsoft-Windows-Kernel-General"
AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"


def step_event(rows, old_at, new_at, **more):
    data = json.dumps({"OldTime": old_at, "NewTime": new_at, **more})
    provider = KERNEL if more else "Microsoft-Windows-Time-Service"
    event_id = 1 if more else 261
    return rows("events", {"recorded_at": NOON, "provider": provider, "event_id": event_id, "data": data})


@pytest.mark.parametrize(("seconds", "steps"), [("01", 0), ("02", 1), ("03", 1)])
def test_a_correction_of_less_than_two_seconds_is_no_step(rows, seconds, steps):
    event = step_event(rows, "2026-03-02T12:00:00Z", f"2026-03-02T12:00:{seconds}Z")
    assert clock.find_steps(event).height == steps


@pytest.mark.parametrize(("new_at", "steps"), [("9999-05-01T00:00:00Z", 0), ("9998-05-01T00:00:00Z", 1)])
def test_a_step_to_a_year_that_nothing_can_show_is_none(rows, new_at, steps):
    assert clock.find_steps(step_event(rows, "2026-03-02T12:00:00Z", new_at)).height == steps


@pytest.mark.parametrize(
    ("process", "sure"), [(r"\Device\Windows\System32\svchost.exe", True), (r"\Tools\guest.exe", False)]
)
def test_only_the_time_service_says_that_what_came_before_was_wrong(rows, process, sure):
    event = step_event(rows, "2026-03-02T08:00:00Z", "2026-03-02T12:00:00Z", Reason="1", ProcessName=process)
    assert clock.recorded_steps(event)["sure"].to_list() == [sure]


@pytest.mark.parametrize(("seconds", "steps"), [(59, 0), (60, 1)])
def test_a_fall_that_nothing_explains_is_a_step_from_a_minute_on(rows, seconds, steps):
    events = rows("events", {"recorded_at": NOON}, {"recorded_at": NOON - timedelta(seconds=seconds)})
    assert clock.recorded_steps(events).height == steps


def test_a_fall_counts_only_where_the_five_records_behind_it_lie_below(rows):
    below, above = NOON - timedelta(hours=1), NOON + timedelta(minutes=1)
    five = [{"recorded_at": NOON}, *[{"recorded_at": below}] * 5, {"recorded_at": above}]
    four = [{"recorded_at": NOON}, *[{"recorded_at": below}] * 4, {"recorded_at": above}]
    assert clock.recorded_steps(rows("events", *five)).height == 1
    assert clock.recorded_steps(rows("events", *four)).height == 0


@pytest.mark.parametrize(("between", "steps"), [([], 1), ([161], 0)])
def test_autopilot_says_so_only_straight_after_it_found_its_clock_off(rows, between, steps):
    ids = [753, *between, 751]
    written = [{"recorded_at": NOON + timedelta(hours=n), "event_id": i} for n, i in enumerate(ids)]
    events = rows("events", *({**row, "provider": AUTOPILOT} for row in written))
    assert clock.recorded_steps(events).height == steps
