from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import clock

AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
KERNEL = "Microsoft-Windows-Kernel-General"
TIME = "Microsoft-Windows-Time-Service"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def log(rows):
    def build(member, *records):
        return rows(
            "events",
            *(
                {
                    "member": member,
                    "record": n,
                    "recorded_at": at(when),
                    "at": at(when),
                    "provider": provider,
                    "event_id": event_id,
                    "data": json.dumps(data) if data else None,
                }
                for n, (when, provider, event_id, data) in enumerate(records, 1)
            ),
        )

    return build


@pytest.fixture
def wrong_by_three_hours(log):
    """A clock three hours fast that Autopilot sets right at its fourth record; a second log saw it too."""
    autopilot = log(
        "autopilot.evtx",
        ("2026-03-02T11:00:00", AUTOPILOT, 285, None),
        ("2026-03-02T11:01:00", AUTOPILOT, 164, None),
        ("2026-03-02T11:02:00", AUTOPILOT, 753, {"ServerTime": "2026-03-02T08:02:00Z"}),
        ("2026-03-02T08:02:00", AUTOPILOT, 751, None),
        ("2026-03-02T08:02:05", AUTOPILOT, 161, None),
    )
    shell = log(
        "shell.evtx", ("2026-03-02T11:00:30", "Shell", 1, None), ("2026-03-02T08:30:00", "Shell", 1, None)
    )
    return pl.concat([autopilot, shell])


def test_an_autopilot_correction_is_one_step_of_its_size(wrong_by_three_hours):
    steps = clock.find_steps(wrong_by_three_hours)
    assert steps.select("old_at", "new_at", "amount", "corrects", "record").rows() == [
        (at("2026-03-02T11:02:00"), at("2026-03-02T08:02:00"), timedelta(hours=-3), True, 4)
    ]


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


def test_a_single_record_written_late_is_no_step(log):
    system = log(
        "system.evtx",
        *((f"2026-03-02T12:0{n}:00", "x", 9, None) for n in range(3)),
        ("2026-03-02T08:00:00", "x", 9, None),
        *((f"2026-03-02T12:1{n}:00", "x", 9, None) for n in range(3)),
    )
    assert clock.find_steps(system).is_empty()


@pytest.fixture
def lines(rows):
    def build(*given, member="ime.log"):
        return rows(
            "log_lines",
            *(
                {
                    "member": member,
                    "record": n,
                    "written_at": datetime.fromisoformat(w),
                    "clock": "unknown",
                    "message": m,
                }
                for n, (w, m) in enumerate(given, 1)
            ),
        )

    return build


def test_a_log_that_states_the_time_in_utc_is_anchored(lines, rows):
    given = lines(
        ("2026-03-02T01:00:00", "a"),
        ("2026-03-02T01:00:05", "LastFullReportTimeUTC=x UtcNow=03/02/2026 09:00:05 for"),
    )
    placed = clock.place_lines(given, rows("events"), None)
    assert placed["at"].to_list() == [at("2026-03-02T09:00:00"), at("2026-03-02T09:00:05")]
    assert placed["clock"].unique().to_list() == ["anchored"]


def test_a_log_that_changes_its_zone_midway_follows_what_it_states(lines, rows):
    given = lines(
        ("2026-03-02T01:00:00", "UtcNow=03/02/2026 09:00:00"),
        ("2026-03-02T01:30:00", "still eight hours behind"),
        ("2026-03-02T10:40:00", "UtcNow=03/02/2026 09:40:00"),
        ("2026-03-02T10:41:00", "now an hour ahead"),
    )
    placed = clock.place_lines(given, rows("events"), "America/Los_Angeles").sort("record")
    assert placed["at"].to_list() == [
        at("2026-03-02T09:00:00"), at("2026-03-02T09:30:00"), at("2026-03-02T09:40:00"),
        at("2026-03-02T09:41:00"),
    ]  # fmt: skip


def test_pairs_of_an_event_and_a_line_anchor_a_silent_log(lines, rows):
    installed = rows(
        "events",
        {
            "provider": AUTOPILOT,
            "event_id": 288,
            "recorded_at": at("2026-03-02T08:00:00"),
            "at": at("2026-03-02T08:00:00"),
        },
    )
    placed = clock.place_lines(lines(("2026-03-02T00:00:07", "EMS Agent Started")), installed, None)
    assert placed.select("at", "clock").rows() == [(at("2026-03-02T08:00:07"), "anchored")]


def test_without_anchors_the_device_zone_counts_with_its_summer_time(lines, rows):
    placed = clock.place_lines(lines(("2026-07-01T12:00:00", "x")), rows("events"), "Europe/Berlin")
    assert placed.select("at", "clock").rows() == [(at("2026-07-01T10:00:00"), "device_zone")]


def test_the_hour_that_autumn_gives_twice_is_told_by_the_log_s_own_fall(lines, rows):
    given = lines(
        ("2026-10-25T01:59:00", "summer"),
        ("2026-10-25T02:50:00", "first round"),
        ("2026-10-25T02:49:59", "another thread, a second late"),
        ("2026-10-25T02:10:00", "second round"),
        ("2026-10-25T02:55:00", "later than anything of the first, still the second"),
        ("2026-10-25T03:10:00", "winter"),
    )
    placed = clock.place_lines(given, rows("events"), "Europe/Berlin").sort("record")
    assert placed["at"].dt.strftime("%d %H:%M:%S").to_list() == [
        "24 23:59:00", "25 00:50:00", "25 00:49:59", "25 01:10:00", "25 01:55:00", "25 02:10:00",
    ]  # fmt: skip


def test_an_hour_that_spring_leaves_out_was_shown_by_no_clock(lines, rows):
    placed = clock.place_lines(lines(("2026-03-29T02:30:00", "x")), rows("events"), "Europe/Berlin")
    assert placed.select("at", "clock").rows() == [(None, "unknown")]


def test_without_anything_the_instant_stays_unknown(lines, rows):
    placed = clock.place_lines(lines(("2026-07-01T12:00:00", "x")), rows("events"), None)
    assert placed.select("at", "clock").rows() == [(None, "unknown")]


def test_windows_zones_have_iana_names():
    assert clock.zone_name("W. Europe Standard Time") == "Europe/Berlin"
    assert clock.zone_name("Europe/Paris") == "Europe/Paris"
    assert clock.zone_name("No Such Time") is None
    assert clock.zone_name(None) is None


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


@pytest.mark.parametrize(
    ("biases", "hour"), [((420, 420), 15), ((-330,), 2), ((480, 420), None), ((900,), None)]
)
def test_the_one_bias_that_windows_names_places_lines_of_an_unnamed_zone(lines, log, biases, hour):
    named = [("2026-03-02T08:00:00", KERNEL, 1, {"Reason": 3, "TimeZoneBias": bias}) for bias in biases]
    (line,) = clock.place_lines(
        lines(("2026-03-02T08:00:00", "x")), log("system.evtx", *named), None
    ).iter_rows(named=True)
    assert (line["at"] and line["at"].hour, line["clock"]) == (hour, "device_zone" if hour else "unknown")
