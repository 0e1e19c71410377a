from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import clock
from autopilot_analysis.clock.zones import stated_zone

AUTOPILOT = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
KERNEL = "Microsoft-Windows-Kernel-General"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


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


def test_lines_keep_their_order_and_are_not_copied(lines, rows):
    given = lines(("2026-03-02T01:30:00", "b"), ("2026-03-02T01:00:00", "a"))
    placed = clock.place_lines(given, rows("events"), "Europe/Berlin")
    assert placed["message"].to_list() == ["b", "a"]
    one, other = (frame["record"].to_numpy(allow_copy=False).ctypes.data for frame in (given, placed))
    assert one == other


def test_lines_that_tell_their_instant_stay_as_they_are_beside_others(lines, rows):
    given = lines(("2026-03-02T01:00:00", "UtcNow=03/02/2026 09:00:00"), ("2026-03-02T01:00:00", "own"))
    own = pl.col("message") == "own"
    declared = given.with_columns(
        at=pl.when(own).then(pl.lit(at("2026-03-02T05:00:00"))).otherwise("at"),
        clock=pl.when(own).then(pl.lit("declared", given.schema["clock"])).otherwise("clock"),
    )
    placed = clock.place_lines(declared, rows("events"), "Europe/Berlin")
    assert placed.select("at", "clock").rows() == [
        (at("2026-03-02T09:00:00"), "anchored"),
        (at("2026-03-02T05:00:00"), "declared"),
    ]


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


@pytest.mark.parametrize(
    ("biases", "hour"), [((420, 420), 15), ((-330,), 2), ((480, 420), None), ((900,), None)]
)
def test_the_one_bias_that_windows_names_places_lines_of_an_unnamed_zone(lines, log, biases, hour):
    named = [("2026-03-02T08:00:00", KERNEL, 1, {"Reason": 3, "TimeZoneBias": bias}) for bias in biases]
    (line,) = clock.place_lines(
        lines(("2026-03-02T08:00:00", "x")), log("system.evtx", *named), None
    ).iter_rows(named=True)
    assert (line["at"] and line["at"].hour, line["clock"]) == (hour, "device_zone" if hour else "unknown")


def uptime(log, *zones):
    data = [{"Data": ["", "", "", "", "86400", "60", f"{zone}"], "Binary": None} for zone in zones]
    return log("system.evtx", *(("2026-07-01T06:00:00", "EventLog", 6013, one) for one in data))


@pytest.mark.parametrize(
    ("zones", "hour"),
    [
        (["-60 W. Europe Standard Time"], 10),
        (["-60 W. Europe Standard Time"] * 2, 10),
        (["480 Pacific Standard Time", "-60 W. Europe Standard Time"], None),
        (["-60 Mitteleurop\u00e4ische Zeit"], None),
        ([], None),
    ],
)
def test_the_one_zone_that_the_log_of_each_day_names_places_lines(lines, log, rows, zones, hour):
    events = uptime(log, *zones) if zones else rows("events")
    placed = clock.place_lines(lines(("2026-07-01T12:00:00", "x")), events, None)
    assert placed["at"].to_list() == [at(f"2026-07-01T{hour}:00:00") if hour else None]


@pytest.mark.parametrize(("bias", "known"), [(-120, True), (420, False)])
def test_a_zone_that_did_not_hold_throughout_places_nothing(log, bias, known):
    """In July Berlin lies two hours east; 420 minutes is Pacific daylight time, in which OOBE runs."""
    told = {"OldTime": "2026-07-01T05:00:00Z", "NewTime": "2026-07-01T05:00:01Z", "TimeZoneBias": bias}
    kernel = log("kernel.evtx", ("2026-07-01T05:00:01", "Microsoft-Windows-Kernel-General", 1, told))
    events = pl.concat([uptime(log, "-60 W. Europe Standard Time"), kernel])
    assert stated_zone(events) == ("Europe/Berlin" if known else None)


@pytest.mark.parametrize(
    ("name", "second", "placed"),
    [
        ("ProvisioningProgressPage_ApplicationsFailed", 7, True),
        ("ProvisioningProgressPage_ApplicationsFailed", 120, True),
        ("ProvisioningProgressPage_ApplicationsFailed", 121, False),
        ("ProvisioningProgressPage_ApplicationsFailed", -1, False),
        ("SomethingElse", 7, False),
    ],
)
def test_the_page_that_fails_after_the_agent_reported_an_app_anchors_its_log(
    lines, log, name, second, placed
):
    failed = datetime(2026, 3, 2, 8, 0, tzinfo=UTC) + timedelta(seconds=second)
    page = log("shell.evtx", (f"{failed:%FT%T}", "Microsoft-Windows-Shell-Core", 62407, {"Name": name}))
    said = "[EspManager] Updating ESP tracked install status from InProgress to Error for application x"
    (found,) = clock.place_lines(lines(("2026-03-02T00:00:00", said)), page, None)["at"]
    assert found == (at("2026-03-02T08:00:00") if placed else None)
