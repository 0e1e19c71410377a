from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.tables import SCHEMAS, Trace
from autopilot_analysis.trace.what_if import what_if

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def at(minutes):
    return START + timedelta(minutes=minutes)


def frame(table, rows):
    schema = SCHEMAS[table].create_empty().schema
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def install(item, download, begun, ended, **more):
    return {
        "device": "D",
        "attempt": 1,
        "item": item,
        "name": item.upper(),
        "kind": "win32",
        "phase": "device",
        "try_number": 1,
        "download_started_at": at(download),
        "download_ended_at": at(begun),
        "started_at": at(begun),
        "ended_at": at(ended),
        "outcome": "succeeded",
        "member": "AppWorkload.log",
        "record": 1,
        "clock": "device_zone",
    } | more


def trace(*installs, end=60.0, steps=(), outcome="succeeded"):
    run = {
        "device": "D",
        "attempt": 1,
        "stage": "device_setup",
        "started_at": START,
        "ended_at": at(end),
        "waited": timedelta(minutes=end),
        "outcome": outcome,
    }
    return Trace(
        marks=SCHEMAS["marks"].create_empty(),
        steps=frame("steps", steps),
        stage_runs=frame("stage_runs", [run]),
        attempts=SCHEMAS["attempts"].create_empty(),
        installs=frame("installs", installs),
    )


SERIAL = (install("a", 5, 10, 20), install("b", 20, 25, 50))


def test_leaving_an_app_out_saves_its_time():
    answer = what_if(trace(*SERIAL), without=["B"])
    assert (answer.saved, answer.end, answer.timed_out) == (timedelta(minutes=30), at(30), False)
    assert answer.path["waited"].sum() == timedelta(minutes=30)


def test_twice_as_fast_saves_half_of_it():
    assert what_if(trace(*SERIAL), faster={"a": 2.0}).saved == timedelta(minutes=7.5)


def test_what_ran_beside_a_removed_app_still_takes_its_time():
    both = (install("a", 0, 10, 40), install("b", 0, 20, 50))
    assert what_if(trace(*both), without=["b"]).saved == timedelta(minutes=10)


def test_a_time_limit_ends_the_phase():
    answer = what_if(trace(*SERIAL), timeout=timedelta(minutes=30))
    assert (answer.end, answer.timed_out, answer.path["waited"].sum()) == (
        at(30),
        True,
        timedelta(minutes=30),
    )


def test_an_answer_about_a_failed_phase_says_what_it_cannot_know():
    answer = what_if(trace(*SERIAL, outcome="failed"), non_blocking=["b"])
    assert answer.saved == timedelta(minutes=30)
    assert any("failure" in line for line in answer.assumptions)


def test_a_name_that_does_not_exist_is_refused_with_a_hint():
    with pytest.raises(UnknownName, match="no item is called 'AA'"):
        what_if(trace(*SERIAL), without=["AA"])
    with pytest.raises(BadInput, match="cannot be 0 times faster"):
        what_if(trace(*SERIAL), faster={"a": 0})
    with pytest.raises(BadInput, match="no account_setup was seen"):
        what_if(trace(*SERIAL), phase="account_setup")
