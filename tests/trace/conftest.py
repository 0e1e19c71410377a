"""A phase and what was installed in it, built by the minute."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from autopilot_analysis.tables import SCHEMAS, STAGES, Trace, schema_of

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def at(minutes):
    return START + timedelta(minutes=minutes)


def frame(table, rows):
    schema = schema_of(table)
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


@pytest.fixture
def marks():
    """Build marks from (minute, mark, stage, edge, terminal, begins, code)."""

    def build(*given):
        rows = [
            {
                "device": "SN-0001", "at": None if minute is None else START + timedelta(minutes=minute),
                "clock": "declared", "mark": mark, "stage": stage, "code": code, "detail": "",
                "member": "a.evtx", "record": n, "edge": edge, "terminal": terminal, "begins": begins,
            }
            for n, (minute, mark, stage, edge, terminal, begins, code) in enumerate(given, 1)
        ]  # fmt: skip
        schema = {
            "device": pl.String, "at": pl.Datetime("us", "UTC"), "clock": pl.String, "mark": pl.String,
            "stage": pl.Enum(STAGES), "code": pl.String, "detail": pl.String, "member": pl.String,
            "record": pl.Int64, "edge": pl.String, "terminal": pl.String, "begins": pl.String,
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema)

    return build
