from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import clock

KERNEL = "Microsoft-Windows-Kernel-General"
TIME = "Microsoft-Windows-Time-Service"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_autopilot_correction_is_one_step_of_its_size(wrong_by_three_hours):
    steps = clock.find_steps(wrong_by_three_hours)
    assert steps.select("old_at", "new_at", "amount", "corrects", "record").rows() == [
        (at("2026-03-02T11:02:00"), at("2026-03-02T08:02:00"), timedelta(hours=-3), True, 4)
    ]


def test_two_logs_that_tell_of_one_step_tell_of_one(log):
    told = {"OldTime": "2026-03-02T11:00:00.1Z", "NewTime": "2026-03-02T08:00:00.0Z", "Reason": 1}
    system = log("system.evtx", ("2026-03-02T08:00:00", KERNEL, 1, {**told, "ProcessName": "\\svchost.exe"}))
    service = log("time.evtx", ("2026-03-02T08:00:00", TIME, 261, told))
    assert clock.find_steps(pl.concat([system, service])).height == 1


def test_a_change_of_zone_a_wake_up_and_slewing_are_no_steps(log):
    def told(reason, old):
        return {
            "OldTime": old,
            "NewTime": "2026-03-02T08:00:00Z",
            "Reason": reason,
            "ProcessName": "\\svchost.exe",
        }

    system = log(
        "system.evtx",
        ("2026-03-02T08:00:00", KERNEL, 1, told(3, "2026-03-02T08:00:00Z")),
        ("2026-03-02T08:00:00", KERNEL, 1, told(2, "2026-03-02T02:00:00Z")),
        ("2026-03-02T08:00:00", KERNEL, 1, told(1, "2026-03-02T08:00:01Z")),
    )
    assert clock.find_steps(system).is_empty()


def test_a_single_record_written_late_is_no_step(log):
    system = log(
        "system.evtx",
        *((f"2026-03-02T12:0{n}:00", "x", 9, None) for n in range(3)),
        ("2026-03-02T08:00:00", "x", 9, None),
        *((f"2026-03-02T12:1{n}:00", "x", 9, None) for n in range(3)),
    )
    assert clock.find_steps(system).is_empty()


@pytest.mark.parametrize(("reason", "steps"), [("2", 0), ("3", 1)])
def test_a_record_kept_from_before_a_standby_is_no_step(log, reason, steps):
    asleep = {"OldTime": "2026-03-01T16:00:00Z", "NewTime": "2026-03-02T08:00:00Z", "Reason": reason}
    system = log(
        "system.evtx",
        ("2026-03-02T08:00:00", KERNEL, 1, asleep),
        ("2026-03-02T08:00:05", "x", 9, None),
        ("2026-03-01T15:59:58", "x", 9, None),
    )
    assert clock.find_steps(system).height == steps


def shown(*steps):
    """Records of steps, each (from noon, seconds), as several sources show them."""
    noon = at("2026-03-02T12:00:00")
    return pl.DataFrame(
        [
            {
                "old_at": noon + later,
                "new_at": noon + later + timedelta(seconds=seconds),
                "sure": True,
                "named": True,
                "amount": timedelta(seconds=seconds),
                "member": "system.evtx",
                "channel": "system",
                "record": number,
            }
            for number, (later, seconds) in enumerate(steps)
        ]
    )


def test_records_whose_amounts_differ_by_half_a_minute_show_one_step():
    assert clock.keep_steps(shown((timedelta(), 3600), (timedelta(), 3630))).height == 1
    assert clock.keep_steps(shown((timedelta(), 3600), (timedelta(), 3631))).height == 2


def test_records_half_an_hour_apart_show_one_step():
    assert clock.keep_steps(shown((timedelta(), 3600), (timedelta(minutes=30), 3600))).height == 1
    assert clock.keep_steps(shown((timedelta(), 3600), (timedelta(minutes=31), 3600))).height == 2


def test_of_more_than_two_hundred_records_the_widest_are_kept():
    kept = clock.keep_steps(shown(*((timedelta(days=n), 60 * n) for n in range(1, 203))))
    assert (kept.height, kept["amount"].min()) == (200, timedelta(minutes=3))
