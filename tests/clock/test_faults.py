"""A clock that falls at a start is wrong from there until it is set, and was right before."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import clock

KERNEL = "Microsoft-Windows-Kernel-General"
TRUE = datetime(2026, 3, 9, 8, tzinfo=UTC)
NEW_YEAR = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.fixture
def life(rows):
    """A life of a board: channel -> minutes at which it writes; wrong stretches (start, set, clock at start).

    System writes seven records in the minute after each start, one half a minute before it, and
    Kernel-General 1 when the clock is set.
    """

    def build(stretches, channels, starts=(0, 60), set_by="svchost.exe"):
        def shown(minute):
            for start, until, reading in stretches:
                if start <= minute < until:
                    return reading + timedelta(minutes=minute - start)
            return TRUE + timedelta(minutes=minute)

        begun = {start for start, *_ in stretches}
        settings = {until: shown(until - 1e-9) for _, until, _ in stretches if until not in begun}
        written = [
            (start + n / 10, "System", 12 if n == 2 else 7, None) for start in starts for n in range(7)
        ]
        written += [(start - 0.5, "System", 7, None) for start in starts[1:]]
        for until, old in settings.items():
            told = {"OldTime": f"{old:%FT%T.%fZ}", "NewTime": f"{shown(until):%FT%T.%fZ}", "Reason": 1}
            written.append((until, "System", 1, json.dumps(told | {"ProcessName": rf"C:\Windows\{set_by}"})))
        written += [(minute, name, 9, None) for name, minutes in channels.items() for minute in minutes]
        written.sort(key=lambda row: row[0])
        records, count = [], {}
        for minute, channel, event_id, data in written:
            count[channel] = count.get(channel, 0) + 1
            records.append(
                {"member": f"{channel}.evtx", "channel": channel, "record": count[channel],
                 "recorded_at": shown(minute), "at": shown(minute), "provider": KERNEL,
                 "event_id": event_id, "data": data}
            )  # fmt: skip
        true = {
            (record["channel"], record["record"]): minute
            for record, (minute, *_) in zip(records, written, strict=True)
        }
        return rows("events", *records), true

    return build


def off(events, true):
    """Records, by channel, that lie more than a second from where they happened; in minutes."""
    placed = clock.correct(events, clock.find_steps(events))
    found = {}
    for channel, record, at in placed.select("channel", "record", "at").rows():
        minutes = (at - TRUE) / timedelta(minutes=1) - true[channel, record]
        if abs(minutes) > 1 / 60:
            found.setdefault(channel, []).append((record, round(minutes)))
    return found


BOTH = [(0, 5, NEW_YEAR), (60, 62, NEW_YEAR)]
WRITES = {
    "Both": (1, 3, 20, 61, 70), "First": (2, 30), "Second": (10, 61.5, 80), "Right": (30, 90),
    "Over": (1, 3.5, 60.5, 61, 75),
}  # fmt: skip


@pytest.mark.parametrize("stretches", [BOTH, BOTH[:1], BOTH[1:]])
def test_each_stretch_of_a_board_without_a_battery_moves_to_its_own_day(life, stretches):
    assert off(*life(stretches, WRITES)) == {}


def test_a_clock_that_is_two_hours_behind_at_each_start_moves_twice(life):
    behind = [(s, e, TRUE + timedelta(minutes=s) - timedelta(hours=2)) for s, e, _ in BOTH]
    assert off(*life(behind, WRITES)) == {}


def test_three_falls_are_three(life):
    events, true = life([*BOTH, (120, 124, NEW_YEAR)], {**WRITES, "Third": (100, 121, 130)}, (0, 60, 120))
    assert off(events, true) == {}
    assert clock.find_steps(events)["corrects"].to_list() == [True, False, True, False, True]


def test_the_fall_itself_corrects_nothing_and_the_setting_says_where_the_clock_fell_to(life):
    steps = clock.find_steps(life(BOTH[1:], WRITES)[0])
    assert steps.select("new_at", "corrects", "fell_to").rows() == [
        (NEW_YEAR, False, None),
        (TRUE + timedelta(minutes=62), True, NEW_YEAR),
    ]


def test_what_opens_a_channel_at_times_of_two_stretches_belongs_to_the_first(life):
    events, true = life(BOTH, {"Opens": (1, 1.5)})
    assert off(events, true) == {}


def test_what_opens_a_channel_later_than_the_first_stretch_showed_belongs_to_the_second(life):
    events, true = life([(0, 2, NEW_YEAR), (60, 65, NEW_YEAR)], {"Late": (63, 64, 80)})
    assert off(events, true) == {}
    events, true = life([(0, 2, NEW_YEAR), (60, 65, NEW_YEAR)], {"Late": (62.05, 80)})
    assert off(events, true) == {"Late": [(1, -60)]}


@pytest.mark.parametrize(("before", "moved"), [(600, True), (601, False)])
def test_a_channel_may_write_ten_minutes_before_the_recorded_fall(life, before, moved):
    events, _ = life([(60, 62, NEW_YEAR)], {"Early": (60, 90)})
    early = NEW_YEAR - timedelta(seconds=before)
    first = pl.col("channel").eq("Early") & pl.col("record").eq(1)
    events = events.with_columns(
        pl.when(first).then(pl.lit(early)).otherwise(name).alias(name) for name in ("recorded_at", "at")
    )
    placed = clock.correct(events, clock.find_steps(events)).filter(first)
    assert placed["clock"].to_list() == ["corrected" if moved else "declared"]


@pytest.mark.parametrize(("until", "moved"), [(5, True), (5.1, False)])
def test_times_up_to_five_seconds_behind_the_setting_are_of_the_wrong_clock(life, until, moved):
    events, _ = life([(60, 62, NEW_YEAR)], {"Last": (61, 90)})
    late = NEW_YEAR + timedelta(minutes=2, seconds=until)
    first = pl.col("channel").eq("Last") & pl.col("record").eq(1)
    events = events.with_columns(
        pl.when(first).then(pl.lit(late)).otherwise(name).alias(name) for name in ("recorded_at", "at")
    )
    placed = clock.correct(events, clock.find_steps(events)).filter(first)
    assert placed["clock"].to_list() == ["corrected" if moved else "declared"]


BEHIND = [(60, 70, TRUE)]
"""At its second start the clock shows again what it showed an hour before."""


def test_a_channel_that_shows_no_fall_stays_where_right_records_show_the_same_times(life):
    channels = {"Quiet": (5, 90), "Twice": (20, 64, 90), "Only": (6,)}
    assert off(*life(BEHIND, channels)) == {}


def test_a_channel_that_shows_no_fall_moves_where_no_right_record_shows_the_same_times(life):
    assert off(*life([(60, 62, TRUE + timedelta(minutes=30))], {"Quiet": (61, 90)})) == {}


@pytest.mark.parametrize(("first", "found"), [(1.5, {}), (1.49, {"Over": [(2, -60)]})])
def test_a_fall_of_a_minute_divides_the_records_of_two_stretches(life, first, found):
    assert off(*life(BOTH, {"Over": (first, 60.5, 75)})) == found


def test_a_start_that_was_wrong_too_and_never_set_lies_right_before_the_next(life):
    """Between two wrong starts the clock says nothing of the time that the device was off."""
    events, true = life(
        [(60, 120, NEW_YEAR), (120, 124, NEW_YEAR)], {"Both": (30, 70, 123, 130)}, (0, 60, 120)
    )
    assert off(events, true) == {"System": [(n, 0) for n in range(9, 17)], "Both": [(2, 0)]}


def test_a_step_back_in_an_earlier_month_is_no_part_of_the_stretch(life):
    month = -30 * 1440
    ahead = (month, month + 10, TRUE - timedelta(days=30) + timedelta(hours=12))
    channels = {"Quiet": (month + 300, 90), "New": (61, 90), "Both": (month + 5, month + 900, 61, 90)}
    assert off(*life([ahead, *BOTH[1:]], channels, (month, 60))) == {}


@pytest.mark.parametrize(("at_start", "corrects"), [(4, False), (5, True)])
def test_a_fall_that_nothing_gives_back_corrects_only_where_no_start_explains_it(rows, at_start, corrects):
    """A start among the first five records behind the fall explains it."""
    times = [TRUE, *(NEW_YEAR + timedelta(seconds=n) for n in range(7))]
    ids = [12 if n == at_start + 1 else 7 for n in range(8)]
    events = rows("events", *(
        {"recorded_at": at, "at": at, "provider": KERNEL, "event_id": i}
        for at, i in zip(times, ids, strict=True)
    ))  # fmt: skip
    assert clock.find_steps(events)["corrects"].to_list() == [corrects]
    placed = clock.correct(events, clock.find_steps(events))
    assert (placed["at"].to_list() == times) is not corrects


def told(*rows_of_steps):
    """Records of steps: (minutes from TRUE, minutes by which the clock went, named by the time service)."""
    return pl.DataFrame(
        [
            {
                "old_at": TRUE + timedelta(minutes=old),
                "new_at": TRUE + timedelta(minutes=old + by),
                "sure": True,
                "named": named,
                "amount": timedelta(minutes=by),
                "member": "system.evtx",
                "channel": "system",
                "record": n,
            }
            for n, (old, by, named) in enumerate(rows_of_steps)
        ]
    )


@pytest.mark.parametrize(("by", "corrects"), [(-60, [False, True]), (-59.9, [True, True])])
def test_a_fall_of_less_than_half_of_what_is_given_back_lies_between_two_wrong_times(by, corrects):
    steps = clock.keep_steps(told((0, by, False), (by + 1, 120, True)))
    assert steps["corrects"].to_list() == corrects


@pytest.mark.parametrize(("seconds", "corrects"), [(5, [False, True]), (4.9, [True, True])])
def test_a_setting_undoes_a_fall_only_after_the_time_of_a_restart(seconds, corrects):
    steps = clock.keep_steps(told((0, -60, False), (-59, 59 + seconds / 60, True)))
    assert sorted(steps["corrects"].to_list()) == corrects


@pytest.mark.parametrize(("seconds", "corrects"), [(-5, [False, True]), (-5.1, [True, True])])
def test_a_setting_undoes_a_fall_only_where_it_found_the_clock_behind_it(seconds, corrects):
    steps = clock.keep_steps(told((0, -60, False), (-60 + seconds / 60, 70, True)))
    assert sorted(steps["corrects"].to_list()) == corrects


def test_a_setting_that_found_the_clock_past_the_fall_undoes_nothing():
    assert clock.keep_steps(told((0, -60, False), (0, 70, True)))["corrects"].to_list() == [True, True]


def test_a_step_back_that_the_time_service_itself_takes_back_is_a_fault_too():
    steps = clock.keep_steps(told((0, -60, True), (-59, 70, True)))
    assert steps["corrects"].to_list() == [False, True]


@pytest.mark.parametrize("early", ["2026-03-12T15:00:01", "2026-03-08T21:11:05"])
def test_a_fall_that_is_given_back_in_two_settings_moves_by_both_and_only_since_the_fall(log, early):
    """A time server that was four days behind, then half a day; records around a setting change places."""
    system = ["2026-03-12T23:00:00", "2026-03-13T03:54:00"]
    wrong = ["2026-03-08T20:56:00", "2026-03-08T20:57:00", "2026-03-08T20:58:00", "2026-03-08T21:10:00"]
    first = {"OldTime": "2026-03-08T21:11:00Z", "NewTime": "2026-03-12T15:00:00Z", "Reason": 1}
    second = {"OldTime": "2026-03-12T15:01:00Z", "NewTime": "2026-03-13T04:09:00Z", "Reason": 1}
    service = {"ProcessName": r"C:\\Windows\\svchost.exe"}
    events = log(
        "system.evtx",
        *((at, "x", 7, None) for at in [*system, *wrong]),
        ("2026-03-12T15:00:00", KERNEL, 1, first | service),
        (early, "x", 7, None),
        ("2026-03-12T15:00:30", "x", 7, None),
        ("2026-03-13T04:09:00", KERNEL, 1, second | service),
    )
    placed = clock.correct(events, clock.find_steps(events))
    told_in_order = placed.filter(pl.col("record") != 8)["at"]
    assert [f"{at:%dT%H:%M:%S}" for at in told_in_order] == [
        "12T23:00:00", "13T03:54:00", "13T03:53:00", "13T03:54:00", "13T03:55:00", "13T04:07:00",
        "13T04:08:00", "13T04:08:30", "13T04:09:00",
    ]  # fmt: skip
