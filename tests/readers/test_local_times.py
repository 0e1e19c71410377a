"""Times of lists: the order of day and month is proved by the column or doubted aloud."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autopilot_analysis.readers.local_times import read_times


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("5/14/2026 9:02:11 AM", utc(2026, 5, 14, 9, 2, 11)),
        ("5/14/2026 12:02:11 AM", utc(2026, 5, 14, 0, 2, 11)),
        ("5/14/2026 12:02:11\u202fPM", utc(2026, 5, 14, 12, 2, 11)),
        ("14/05/2026 09:02", utc(2026, 5, 14, 9, 2)),
        ("14.05.2026 21:02:11", utc(2026, 5, 14, 21, 2, 11)),
        ("14.5.2026 21.02.11", utc(2026, 5, 14, 21, 2, 11)),
        ("14-05-2026 21:02:11", utc(2026, 5, 14, 21, 2, 11)),
        ("14/5/2026 9:02:11 p. m.", utc(2026, 5, 14, 21, 2, 11)),
        ("2026/05/14 9:02:11", utc(2026, 5, 14, 9, 2, 11)),
        ("2026-05-14 오후 9:02:11", utc(2026, 5, 14, 21, 2, 11)),
        ("2026/5/14 午前 9:02:11", utc(2026, 5, 14, 9, 2, 11)),
        ("14. 5. 2026 9:02:11", utc(2026, 5, 14, 9, 2, 11)),
        ("2026-05-14T09:02:11", utc(2026, 5, 14, 9, 2, 11)),
        ("14/05/26 09:02:11", utc(2026, 5, 14, 9, 2, 11)),
    ],
)
def test_local_times_of_many_countries_are_read_as_written(cell, at):
    times = read_times([cell])
    assert (times.at, times.local, times.doubt) == ([at], [True], None)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("/Date(1778050931123)/", utc(2026, 5, 6, 7, 2, 11, 123000)),
        ("/Date(1778050931123+0200)/", utc(2026, 5, 6, 7, 2, 11, 123000)),
        ("2026-05-06T09:02:11.1234567+02:00", utc(2026, 5, 6, 7, 2, 11, 123456)),
        ("2026-05-06 07:02:11Z", utc(2026, 5, 6, 7, 2, 11)),
    ],
)
def test_times_with_their_offset_are_instants(cell, at):
    times = read_times([cell])
    assert (times.at, times.local, times.doubt) == ([at], [False], None)


@pytest.mark.parametrize(
    "cell", ["", "yesterday", "14/14/2026 09:00:00", "1/2/2026 25:00:00", "2026-13-01T00:00:00Z"]
)
def test_what_is_no_time_is_null(cell):
    assert read_times([cell]).at == [None]


def test_one_day_after_the_twelfth_tells_the_order_of_all():
    times = read_times(["5/6/2026 9:00:00 AM", "5/13/2026 9:00:00 AM"])
    assert times.at[0] == utc(2026, 5, 6, 9)
    times = read_times(["5/6/2026 9:00:00", "13/6/2026 9:00:00"])
    assert times.at[0] == utc(2026, 6, 5, 9)


def test_the_order_under_which_a_list_runs_in_one_direction_is_taken():
    times = read_times([f"{day}/5/2026 9:00:00" for day in (3, 4, 5, 6)] + ["1/6/2026 9:00:00"])
    assert (times.at[-1], times.doubt) == (utc(2026, 6, 1, 9), None)


@pytest.mark.parametrize(
    ("cell", "at", "order"),
    [
        ("5/6/2026 9:00:00 AM", utc(2026, 5, 6, 9), "month and day"),
        ("5/6/2026 9:00:00", utc(2026, 6, 5, 9), "day and month"),
    ],
)
def test_an_order_that_nothing_proves_is_doubted(cell, at, order):
    times = read_times([cell])
    assert (times.at, times.doubt) == ([at], order)


def test_dots_put_the_day_first():
    times = read_times(["5.6.2026 09:00:00"])
    assert (times.at, times.doubt) == ([utc(2026, 6, 5, 9)], None)
