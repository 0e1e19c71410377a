"""A phase and what was installed in it, built by the minute."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from autopilot_analysis.tables import SCHEMAS, Trace

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


def trace_of(*installs, end=60.0, steps=(), outcome="succeeded"):
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


@pytest.fixture
def phase():
    """The builders `at`, `install` and `trace`, and two apps that follow one another: `serial`."""
    return SimpleNamespace(at=at, install=install, trace=trace_of, serial=SERIAL)
