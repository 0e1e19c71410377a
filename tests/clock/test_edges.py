"""A step divides each channel where that channel itself shows it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis import clock
from autopilot_analysis.clock.edges import moves
from autopilot_analysis.clock.records import in_series

BACK = timedelta(hours=-3)


def moved(events, steps):
    """Member, first and last record moved, and by how much."""
    return sorted(
        pl.concat(moves(in_series(events), steps)).select("member", "start", "boundary", "move").rows()
    )


def test_each_channel_moves_up_to_its_own_record_of_the_step(wrong_by_three_hours):
    events = wrong_by_three_hours
    assert moved(events, clock.find_steps(events)) == [
        ("autopilot.evtx", -1, 4, BACK),
        ("shell.evtx", -1, 2, BACK),
    ]


@pytest.mark.parametrize(("written", "records"), [("10:51:00", [(1, 2)]), ("10:49:00", [])])
def test_a_channel_without_a_fall_moves_from_ten_minutes_before_others_wrote_on_the_wrong_clock(
    wrong_by_three_hours, log, written, records
):
    quiet = log("quiet.evtx", (f"2026-03-02T{written}", "Other", 1, None))
    events = pl.concat([wrong_by_three_hours, quiet])
    rows = [row for row in moved(events, clock.find_steps(events)) if row[0] == "quiet.evtx"]
    assert [row[1:3] for row in rows] == records


def test_a_step_that_was_right_moves_nothing(wrong_by_three_hours):
    steps = clock.find_steps(wrong_by_three_hours).with_columns(corrects=pl.lit(value=False))
    assert moves(in_series(wrong_by_three_hours), steps) == []
