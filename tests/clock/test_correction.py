from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import clock

KERNEL = "Microsoft-Windows-Kernel-General"
AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


TRUE = at("2026-03-02T08:00:00")


AHEAD = timedelta(hours=12)


SHOWN = {  # channel -> minutes at which it writes; the clock is set right at minute 20
    "System": (0, 5, 20, 30), "Autopilot": (1, 6, 19, 21), "Admin": (2, 8, 25), "Shell": (3, 22, 40),
    "Quiet": (4, 7),
}  # fmt: skip


@pytest.fixture
def five_channels(rows):
    """Five channels, twelve hours ahead until minute 20; two of them in one file, one without a fall."""
    records = []
    for channel, minutes in SHOWN.items():
        member = "mixed.evtx" if channel in ("Admin", "Shell") else f"{channel}.evtx"
        for n, minute in enumerate(minutes, 1):
            true = TRUE + timedelta(minutes=minute)
            shown = true + AHEAD if minute < 20 else true
            step = channel == "System" and minute == 20
            told = {"OldTime": f"{true + AHEAD:%FT%TZ}", "NewTime": f"{true:%FT%TZ}", "Reason": 1}
            records.append(
                {"member": member, "channel": channel, "record": n, "recorded_at": shown, "at": shown,
                 "provider": KERNEL if step else channel, "event_id": 1 if step else 7,
                 "data": json.dumps(told | {"ProcessName": r"C:\Windows\svchost.exe"}) if step else None}
            )  # fmt: skip
    return rows("events", *records)


def misplaced(placed):
    """Records that lie more than a second from their true instant."""
    wrong = []
    for channel, record, found in placed.select("channel", "record", "at").rows():
        true = TRUE + timedelta(minutes=SHOWN[channel][record - 1])
        wrong += [(channel, record, found)] if abs(found - true) > timedelta(seconds=1) else []
    return wrong


def test_what_was_recorded_before_the_step_moves_and_what_came_after_stays(wrong_by_three_hours):
    placed = clock.correct(wrong_by_three_hours, clock.find_steps(wrong_by_three_hours))
    assert placed.filter(pl.col("member") == "autopilot.evtx").sort("record").select(
        "at", "clock"
    ).rows() == [
        (at("2026-03-02T08:00:00"), "corrected"),
        (at("2026-03-02T08:01:00"), "corrected"),
        (at("2026-03-02T08:02:00"), "corrected"),
        (at("2026-03-02T08:02:00"), "declared"),
        (at("2026-03-02T08:02:05"), "declared"),
    ]


def test_another_log_moves_where_its_own_times_fall(wrong_by_three_hours):
    placed = clock.correct(wrong_by_three_hours, clock.find_steps(wrong_by_three_hours))
    shell = placed.filter(pl.col("member") == "shell.evtx").sort("record")
    assert shell["at"].to_list() == [at("2026-03-02T08:00:30"), at("2026-03-02T08:30:00")]


def test_what_was_written_is_never_changed(wrong_by_three_hours):
    placed = clock.correct(wrong_by_three_hours, clock.find_steps(wrong_by_three_hours))
    assert placed["recorded_at"].to_list() == wrong_by_three_hours["recorded_at"].to_list()


def test_a_log_without_a_fall_stays_as_it_was_written(wrong_by_three_hours, log):
    quiet = log(
        "quiet.evtx", ("2026-03-02T09:00:00", "Other", 1, None), ("2026-03-02T10:00:00", "Other", 1, None)
    )
    placed = clock.correct(pl.concat([wrong_by_three_hours, quiet]), clock.find_steps(wrong_by_three_hours))
    assert placed.filter(pl.col("member") == "quiet.evtx")["clock"].unique().to_list() == ["declared"]


def test_a_paused_machine_set_forward_keeps_its_past(log):
    told = {
        "OldTime": "2026-03-02T08:00:00Z",
        "NewTime": "2026-03-02T12:00:00Z",
        "Reason": 1,
        "ProcessName": "\\guesttools.exe",
    }
    system = log(
        "system.evtx", ("2026-03-02T07:59:00", "x", 9, None), ("2026-03-02T12:00:00", KERNEL, 1, told)
    )
    steps = clock.find_steps(system)
    assert steps["corrects"].to_list() == [False]
    assert clock.correct(system, steps)["at"].to_list() == system["at"].to_list()


def test_an_error_that_was_undone_moves_only_what_lies_between(log):
    forward = {
        "OldTime": "2026-03-02T08:00:00Z",
        "NewTime": "2026-03-06T08:00:00Z",
        "Reason": 1,
        "ProcessName": "\\guest.exe",
    }
    back = {
        "OldTime": "2026-03-06T08:01:00Z",
        "NewTime": "2026-03-02T08:01:00Z",
        "Reason": 1,
        "ProcessName": "\\svchost.exe",
    }
    system = log(
        "system.evtx",
        ("2026-03-02T07:00:00", "x", 9, None),
        ("2026-03-06T08:00:00", KERNEL, 1, forward),
        ("2026-03-06T08:00:30", "x", 9, None),
        ("2026-03-02T08:01:00", KERNEL, 1, back),
        ("2026-03-02T09:00:00", "x", 9, None),
    )
    placed = clock.correct(system, clock.find_steps(system)).sort("record")
    assert placed["at"].to_list() == [
        at("2026-03-02T07:00:00"),
        at("2026-03-02T08:00:00"),
        at("2026-03-02T08:00:30"),
        at("2026-03-02T08:01:00"),
        at("2026-03-02T09:00:00"),
    ]


def test_a_step_of_twelve_hours_places_every_record_of_five_channels(five_channels):
    assert misplaced(clock.correct(five_channels, clock.find_steps(five_channels))) == []


def test_records_that_changed_places_before_the_step_are_not_taken_for_it(five_channels):
    swapped = five_channels.with_columns(
        recorded_at=pl.when((pl.col("channel") == "Autopilot") & (pl.col("record") == 1))
        .then(pl.col("recorded_at") + timedelta(minutes=5, seconds=4))
        .otherwise("recorded_at")
    )
    placed = clock.correct(swapped, clock.find_steps(swapped)).filter(channel="Autopilot", record=3)
    assert misplaced(placed) == []


def test_a_quiet_channel_stays_as_written_from_where_others_write_on_the_right_clock(five_channels):
    later = five_channels.filter(channel="Shell", record=3).with_columns(
        record=pl.lit(4, dtype=pl.Int64), recorded_at=pl.lit(TRUE + AHEAD + timedelta(minutes=6)),
        at=pl.lit(TRUE + AHEAD + timedelta(minutes=6)),
    )  # fmt: skip
    events = pl.concat([five_channels, later])
    quiet = clock.correct(events, clock.find_steps(events)).filter(channel="Quiet").sort("record")
    assert quiet["clock"].to_list() == ["corrected", "declared"]


@pytest.mark.parametrize(("days", "moved"), [(6, "corrected"), (7, "declared"), (35, "declared")])
def test_a_step_does_not_reach_back_over_a_week_in_which_nothing_was_written(log, days, moved):
    """A clock that goes wrong while the device is off shows no step; what lies before is not known wrong."""
    first = at("2026-03-02T11:00:00") - timedelta(days=days)
    told = {"OldTime": "2026-03-02T11:00:10Z", "NewTime": "2026-03-02T08:00:10Z", "Reason": 1}
    system = log(
        "system.evtx",
        (f"{first:%FT%T}", "x", 1, None),
        ("2026-03-02T11:00:00", "x", 2, None),
        ("2026-03-02T08:00:10", KERNEL, 1, told),
    )
    shell = log("shell.evtx", (f"{first:%FT%T}", "y", 1, None), ("2026-03-02T08:00:20", "y", 2, None))
    events = pl.concat([system, shell])
    placed = clock.correct(events, clock.find_steps(events))
    assert placed.filter(pl.col("member") == "system.evtx")["clock"].to_list() == [
        moved, "corrected", "declared",
    ]  # fmt: skip


def test_a_channel_that_wrote_nothing_after_a_step_forward_lies_before_it(log):
    told = {"OldTime": "2026-03-02T08:00:10Z", "NewTime": "2026-03-02T08:20:10Z", "Reason": 1}
    told["ProcessName"] = r"C:\Windows\svchost.exe"
    system = log(
        "system.evtx", ("2026-03-02T08:00:00", "x", 2, None), ("2026-03-02T08:20:10", KERNEL, 1, told)
    )
    quiet = log("quiet.evtx", ("2026-03-02T07:59:00", "y", 1, None), ("2026-03-02T08:00:09", "y", 2, None))
    after = log("after.evtx", ("2026-03-02T08:20:16", "z", 1, None))
    events = pl.concat([system, quiet, after])
    placed = clock.correct(events, clock.find_steps(events))
    assert placed.filter(pl.col("member") == "quiet.evtx")["at"].to_list() == [
        at("2026-03-02T08:19:00"),
        at("2026-03-02T08:20:09"),
    ]
    assert placed.filter(pl.col("member") == "after.evtx")["clock"].to_list() == ["declared"]


def test_a_record_that_states_both_clocks_is_taken_before_two_records_around_the_step(log):
    """Twelve seconds lie between the records of the client; they are no part of the step."""
    told = {"OldTime": "2021-03-02T08:00:10Z", "NewTime": "2026-03-02T08:00:00Z", "Reason": 1}
    told["ProcessName"] = r"C:\Windows\svchost.exe"
    system = log(
        "system.evtx", ("2021-03-02T08:00:00", "x", 2, None), ("2026-03-02T08:00:00", KERNEL, 1, told)
    )
    client = log(
        "autopilot.evtx",
        ("2021-03-02T08:00:05", AUTOPILOT, 753, None),
        ("2026-03-02T08:00:07", AUTOPILOT, 751, None),
    )
    steps = clock.find_steps(pl.concat([system, client]))
    assert steps["amount"].to_list() == [at("2026-03-02T08:00:00") - at("2021-03-02T08:00:10")]
