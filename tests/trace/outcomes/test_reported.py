"""The end that a report tells counts where the device's own records show none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.tables import Tables, schema_of
from autopilot_analysis.tables.outcomes import SAME_START_WITHIN
from autopilot_analysis.trace.outcomes.reported import by_report, find_reported, settle_reported, still_open

DATA = Path(__file__).parents[3] / "data"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SERIAL, NAME = "EX-4711", "EXAMPLE-1"
INTUNE = "11111111-2222-4333-8444-555555555555"


def at(minute):
    return None if minute is None else START + timedelta(minutes=minute)


def rows_of(table, rows):
    schema = schema_of(table)
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def runs_of(*given):
    """Stage runs of device D from (attempt, stage, outcome, start, end)."""
    rows = [
        {"device": "D", "attempt": n, "stage": stage, "outcome": outcome}
        | {"started_at": at(start), "ended_at": at(end)}
        | ({"ended_member": "a.evtx", "ended_record": 1} if end is not None else {})
        for n, stage, outcome, start, end in given
    ]
    return rows_of("stage_runs", rows)


OPEN = runs_of((1, "mdm_enrollment", "succeeded", 0, 2), (1, "device_preparation", "unfinished", 2, None))


def told(*reports, device=None, others=(), runs=OPEN):
    """What reports say of attempts."""
    defaults = {"device": "X", "deployment": "X/1", "origin": "report_v2", "serial": SERIAL}
    defaults |= {"outcome": "succeeded", "started_at": at(1), "total": timedelta(minutes=7)}
    devices = [{"device": "D"} | (device or {"serial": SERIAL}), *others]
    tables = {
        "deployments": rows_of("deployments", [defaults | report for report in reports]),
        "devices": rows_of("devices", devices),
    }
    return find_reported(Tables.of(tables), runs)


@pytest.mark.parametrize(
    ("device", "report", "found"),
    [
        ({"serial": SERIAL.lower()}, {}, True),
        ({"serial": "EX-0815"}, {}, False),
        ({"name": NAME}, {"name": NAME.lower()}, True),
        ({"name": NAME}, {"name": "EXAMPLE-2"}, False),
        ({"name": NAME, "serial": "EX-0815"}, {"name": NAME}, False),
        ({"name": NAME, "serial": "To be filled by O.E.M."}, {"name": NAME}, True),
        ({"entra_device_id": INTUNE}, {"intune_device_id": INTUNE.upper()}, True),
        ({"name": None}, {"name": None, "serial": None}, False),
    ],
)
def test_a_row_is_of_the_device_that_it_names(device, report, found):
    assert told(report, device=device).height == found


def test_a_name_that_two_devices_have_is_none():
    twin = {"device": "E", "name": NAME}
    assert told({"name": NAME, "serial": None}, device={"name": NAME}, others=[twin]).is_empty()
    assert told({"name": NAME}, device={"name": NAME, "serial": SERIAL}, others=[twin])["device"][0] == "D"


NEAR = SAME_START_WITHIN // timedelta(minutes=1)


@pytest.mark.parametrize(
    ("report", "found"),
    [
        ({}, True),
        ({"started_at": at(-NEAR), "total": None}, True),
        ({"started_at": at(-NEAR - 1), "total": None}, False),
        ({"started_at": at(-60)}, False),
        ({"started_at": at(-60), "total": timedelta(minutes=70)}, True),
        ({"started_at": at(24 * 60)}, False),
        ({"started_at": None}, True),
        ({"flags": "local_time"}, True),
        ({"flags": "local_time", "started_at": at(14 * 60)}, True),
        ({"flags": "local_time", "started_at": at(25 * 60)}, False),
        ({"flags": "enrollment_only"}, False),
        ({"flags": "failed_first_try_frozen", "outcome": "failed"}, False),
        ({"outcome": "in_progress"}, False),
        ({"origin": "capture"}, False),
    ],
)
def test_a_row_is_of_the_attempt_in_whose_time_it_lies(report, found):
    assert told(report).height == found


def test_without_a_time_one_row_is_of_one_attempt():
    assert told({"started_at": None}, {"started_at": None, "deployment": "X/2"}).is_empty()
    two = pl.concat([OPEN, runs_of((2, "device_setup", "unfinished", 50, None))])
    assert told({"started_at": None}, runs=two).is_empty()


def test_a_row_that_spans_several_attempts_tells_the_end_of_the_last():
    runs = runs_of((1, "device_setup", "failed", 0, 20), (2, "device_setup", "unfinished", 25, None))
    long = {"origin": "graph", "total": timedelta(minutes=60)}
    assert told(long, runs=runs)["attempt"].to_list() == [2]
    assert told({"origin": "graph"}, runs=runs)["attempt"].to_list() == [1]


@pytest.mark.parametrize(("minute", "attempt"), [(6, 1), (8, 2)])
def test_a_row_between_two_attempts_is_of_the_nearer(minute, attempt):
    runs = runs_of((1, "device_setup", "failed", 0, 5), (2, "device_setup", "unfinished", 15, None))
    row = {"origin": "graph", "started_at": at(minute), "total": None}
    assert told(row, runs=runs)["attempt"].to_list() == [attempt]


def settled(said, runs=OPEN, scenario="device_preparation"):
    attempts = runs.select("device", "attempt").unique().sort("attempt")
    openings = attempts.with_columns(opening=pl.lit("start"))
    scenarios = attempts.with_columns(scenario=pl.lit(scenario))
    rows = settle_reported(runs, said, openings, scenarios).sort("attempt", "stage")
    assert rows.filter(by_report()).height
    return {row["stage"]: (row["outcome"], row["code"], row["ended_at"]) for row in rows.to_dicts()}


def test_a_report_of_device_preparation_ends_its_one_stage():
    runs = settled(told({}))
    assert runs["device_preparation"] == ("succeeded", None, at(8))
    assert runs["mdm_enrollment"] == ("succeeded", None, at(2))
    failed = settled(told({"outcome": "failed", "code": "0x87D1041C"}))
    assert failed["device_preparation"] == ("failed", "0x87D1041C", at(8))


PAGE = runs_of((1, "mdm_enrollment", "succeeded", 0, 2), (1, "device_setup", "unfinished", 2, None))


def test_a_success_elsewhere_is_one_of_the_last_phase():
    runs = settled(told({"origin": "report_v1"}, runs=PAGE), PAGE, "user_driven")
    assert runs["device_setup"] == ("succeeded", None, None)
    assert runs["account_setup"] == ("succeeded", None, at(8))


@pytest.mark.parametrize("stage", ["device_setup", None])
def test_a_failure_is_one_of_the_stage_that_the_report_names_or_that_was_under_way(stage):
    report = {"origin": "report_v1", "outcome": "failed", "failed_stage": stage, "code": "0x87D1041C"}
    runs = settled(told(report, runs=PAGE), PAGE, "user_driven")
    assert runs["device_setup"] == ("failed", "0x87D1041C", at(8))


def test_times_of_a_browser_date_no_end():
    assert settled(told({"flags": "local_time"}))["device_preparation"] == ("succeeded", None, None)


@pytest.mark.parametrize(
    ("outcome", "open_still"), [("unfinished", 1), ("unknown", 1), ("failed", 0), ("succeeded", 0)]
)
def test_what_the_device_saw_the_end_of_takes_no_word_of_a_report(outcome, open_still):
    attempts = pl.DataFrame({"device": ["D"], "attempt": [1], "outcome": [outcome]})
    assert still_open(told({}), attempts).height == open_still


@pytest.fixture(scope="module")
def cut_off():
    """A device whose records end while it enrols, in the middle of its one attempt."""
    tables = read_tables(open_export(DATA / "user-driven-success.cab"))
    attempt = build_trace(tables).attempts.row(0, named=True)
    early = attempt["started_at"] + (attempt["ended_at"] - attempt["started_at"]) / 2
    silent = ["registry_values", "settings", "log_lines"]
    frames = tables.frames() | {name: getattr(tables, name).clear() for name in silent}
    return frames | {"events": tables.events.filter(pl.col("at") < early)}, attempt


@pytest.mark.parametrize(
    ("outcome", "found"),
    [("succeeded", ("succeeded", None)), ("failed", ("failed", "0x87D1041C")), (None, ("unfinished", None))],
)
def test_an_attempt_whose_end_was_not_recorded_ends_as_the_report_beside_it_says(cut_off, outcome, found):
    frames, whole = cut_off
    device = frames["devices"].row(0, named=True)
    row = {"device": "X", "deployment": "X/1", "origin": "report_v1", "name": device["name"]}
    row |= {"serial": device["serial"], "started_at": whole["started_at"], "outcome": outcome or "unknown"}
    row |= {"total": whole["ended_at"] - whole["started_at"]}
    row |= {"code": "0x87D1041C"} if outcome == "failed" else {}
    trace = build_trace(Tables.of(frames | {"deployments": rows_of("deployments", [row])}))
    (attempt,) = trace.attempts.to_dicts()
    assert (attempt["outcome"], attempt["code"]) == found
    assert attempt["ended_at"] == (whole["ended_at"] if outcome else None)
