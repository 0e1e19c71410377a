"""What tells how far local time lay from UTC: statements of the log itself, and events it answers."""

from __future__ import annotations

from datetime import datetime

import pytest

from autopilot_analysis.clock.anchors import paired_offset, stated_offsets

BOOT = {"provider": "Microsoft-Windows-Kernel-General", "event_id": 12}


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("2026-03-02T09:00:20", [3600]),
        ("2026-03-02T13:45:59", [20_700]),
        ("2026-03-02T09:01:01", []),
        ("2026-03-02T23:00:00", []),
    ],
)
def test_a_statement_counts_within_a_minute_of_a_quarter_hour_and_fourteen_hours(lines, written, offset):
    stated = stated_offsets(lines((written, "UtcNow=03/02/2026 08:00:00")))
    assert stated["offset"].to_list() == offset


def booted(rows, *hours):
    at = [datetime.fromisoformat(f"2026-03-02T{hour:02}:00:00+00:00") for hour in hours]
    return rows("events", *({**BOOT, "at": instant} for instant in at))


def started(lines, *hours):
    return lines(*((f"2026-03-02T{hour:02}:00:30", "EMS Agent Started") for hour in hours))


def test_the_offset_at_which_the_agent_follows_every_boot_is_the_device_s(lines, rows):
    assert paired_offset(started(lines, 9, 13), booted(rows, 8, 12)) == 3600


def test_an_offset_that_pairs_less_than_twice_as_many_as_the_next_is_none(lines, rows):
    assert paired_offset(started(lines, 9, 10), booted(rows, 8)) is None
    assert paired_offset(started(lines, 9, 13, 18), booted(rows, 8, 12)) == 3600


def test_without_a_pair_there_is_no_offset(lines, rows):
    assert paired_offset(started(lines, 9), rows("events")) is None


def test_an_agent_that_starts_later_than_five_minutes_after_a_boot_answers_another(lines, rows):
    late = lines(("2026-03-02T09:05:02", "EMS Agent Started"))
    assert paired_offset(late, booted(rows, 8)) is None
