from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.tables import SCHEMAS, Trace
from autopilot_analysis.trace.critical_path import build_critical_path

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


def parts(path):
    return [
        (row["cause"], row["item"], row["waited"].total_seconds() / 60) for row in path.iter_rows(named=True)
    ]


def test_the_parts_name_every_minute_and_the_gaps():
    path = build_critical_path(trace(*SERIAL))
    assert parts(path) == [
        ("unattributed", None, 5),
        ("download", "a", 5),
        ("install", "a", 10),
        ("download", "b", 5),
        ("install", "b", 25),
        ("unattributed", None, 10),
    ]


def test_the_parts_sum_to_the_phase_to_the_microsecond():
    odd = (
        install("a", 1.23456, 9.87654, 33.3333),
        install("b", 8.7654, 12.3, 41.00001),
        install("c", -5, 2, 70),
    )
    path = build_critical_path(trace(*odd, end=59.99991))
    assert path["waited"].sum() == timedelta(minutes=59.99991)
    assert path["started_at"][1:].to_list() == path["ended_at"][:-1].to_list()


def test_what_the_page_waits_for_goes_before_what_it_does_not():
    path = build_critical_path(trace(install("a", 0, 0, 60), install("b", 0, 0, 60, blocking=True)))
    assert parts(path) == [("install", "b", 60)]


def test_a_reboot_and_the_retry_lock_are_causes():
    steps = [
        {"device": "D", "at": at(10), "kind": "shutdown", "member": "m", "record": 1},
        {"device": "D", "at": at(14), "kind": "boot", "member": "m", "record": 2},
    ]
    held = install(
        "a", 0, 20, 50, outcome="waiting", reason="GRS", download_started_at=None, download_ended_at=None
    )
    assert parts(build_critical_path(trace(held, steps=steps))) == [
        ("unattributed", None, 10),
        ("wait_reboot", None, 4),
        ("unattributed", None, 6),
        ("wait_grs", "a", 30),
        ("unattributed", None, 10),
    ]


def test_a_phase_that_was_not_seen_to_end_has_no_path():
    assert build_critical_path(trace(*SERIAL), phase="account_setup").is_empty()
