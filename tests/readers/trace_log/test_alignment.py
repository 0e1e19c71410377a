"""Alignment: twins say by how much a counting trace is off, else the clock steps that events tell of."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.readers.trace_log.alignment import align, counted_members, doubtful

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
STEPS = {
    "old_at": pl.Datetime("us", "UTC"), "new_at": pl.Datetime("us", "UTC"), "amount": pl.Duration("us"),
    "corrects": pl.Boolean, "member": pl.String, "record": pl.Int64,
}  # fmt: skip
NO_STEPS = pl.DataFrame(schema=STEPS)


def step(old, new, corrects=True):
    old_at, new_at = START + timedelta(seconds=old), START + timedelta(seconds=new)
    return pl.DataFrame(
        [(old_at, new_at, new_at - old_at, corrects, "System.evtx", 1)], schema=STEPS, orient="row"
    )


def seconds(*given):
    return [START + timedelta(seconds=number) for number in given]


@pytest.fixture
def traced(rows):
    """Reports a, b, c … of one trace at these seconds; None is an event that the log does not hold."""

    def build(*given, member="x.etl.001"):
        return rows("events", *(
            {
                "member": member, "record": n, "provider": "Microsoft.Windows.Shell.CloudExperienceHost",
                "name": "WebAppEvent1" if said else "CoreEvent1", "opcode": 0,
                "data": f'{{"eventName":"{said}"}}', "at": START + timedelta(seconds=at),
                "recorded_at": START + timedelta(seconds=at),
            }
            for n, (at, said) in enumerate(given, 1)
        ))  # fmt: skip

    return build


@pytest.fixture
def logged(rows):
    def build(*given):
        return rows("events", *(
            {
                "member": "log.evtx", "record": n, "provider": "Microsoft-Windows-Shell-Core",
                "event_id": 62406, "data": f'{{"Name":"{said}"}}', "at": START + timedelta(seconds=at),
                "recorded_at": START,
            }
            for n, (at, said) in enumerate(given, 1)
        ))  # fmt: skip

    return build


def test_the_nearest_earlier_twin_says_how_far_an_event_is_off(traced, logged):
    ours = traced((0, None), (1, "a"), (2, "b"), (3, None), (4, "c"), (5, "d"), (9, None))
    theirs = logged((101, "a"), (102, "b"), (104.5, "c"), (105.5, "d"))
    placed = align(ours, theirs, NO_STEPS)
    assert placed["at"].to_list() == seconds(100, 101, 102, 103, 104.5, 105.5, 109.5)
    assert set(placed["clock"]) == {"anchored"}
    assert placed["recorded_at"].to_list() == ours["recorded_at"].to_list()


def test_a_trace_without_twins_moves_with_the_steps_that_came_after_it_began(traced, logged):
    ours = traced((10, "a"), (50, "b"))
    placed = align(ours, logged(), step(30, 90))
    assert placed["at"].to_list() == seconds(70, 110)
    assert set(placed["clock"]) == {"corrected"}


def test_a_trace_that_one_step_set_right_is_not_moved_by_that_of_a_later_fall(traced, logged):
    steps = pl.concat([step(30, 1000), step(20, 2000)])
    assert align(traced((10, "a")), logged(), steps)["at"].to_list() == seconds(980)


@pytest.mark.parametrize("steps", [step(5, 8), step(30, 90, corrects=False), NO_STEPS])
def test_a_step_before_a_trace_or_one_that_corrects_nothing_leaves_it(traced, logged, steps):
    placed = align(traced((10, "a")), logged(), steps)
    assert placed.select("at", "clock").rows() == [(seconds(10)[0], "declared")]


@pytest.mark.parametrize(("old", "new", "count"), [(5, 90, 1), (90, 5, 1), (5, 9, 0), (11, 90, 0)])
def test_a_trace_that_began_between_both_times_of_a_step_is_in_doubt(traced, old, new, count):
    found = list(doubtful(traced((10, "a")), step(old, new)))
    assert [member for member, _ in found] == ["x.etl.001"] * count
    assert all(unread.whole and "its instants are unsure" in unread.reason for _, unread in found)


def test_an_anchored_trace_is_in_no_doubt(traced, logged):
    placed = align(traced((10, "a")), logged((11, "a")), step(5, 90))
    assert placed["clock"].to_list() == ["anchored"]
    assert list(doubtful(placed, step(5, 90))) == []


def test_only_counting_traces_are_aligned(rows):
    section = {"section": "trace header", "name": "Clock"}
    properties = rows(
        "properties",
        {**section, "member": "a.etl", "value": "counter"},
        {**section, "member": "b.etl", "value": "system time"},
        {"section": "", "name": "Clock", "member": "c.txt", "value": "counter"},
    )
    assert counted_members(properties) == ["a.etl"]
