"""Installers that crashed, as the Application log tells it."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.installers.crashes import TOGETHER, read_crashes
from autopilot_analysis.trace.installs.installers.tying import explain_tries

START = datetime(2026, 5, 26, 10, 51, tzinfo=UTC)
APP = "e26839fa-1111-4222-8333-444455556666"
CACHED = rf"C:\Windows\IMECache\{APP}_1\setup.exe"
NET = "Application: setup.exe\nDescription: unhandled.\nException Info: System.IO.FileNotFoundException\n  at"


def fault(second=0, code="e0434352", path=CACHED, program="setup.exe", named=False):
    values = [program, "1.0", "6850", "KERNELBASE.dll", "10.0", "6a1f", code, "c7f7a", "1a2c", "01db", path]
    fields = {f"Field{n}": value for n, value in enumerate(values)} if named else {"Data": values}
    return ("Application Error", 1000, second, json.dumps(fields))


def thrown(second=0, text=NET):
    return (".NET Runtime", 1026, second, json.dumps({"Data": [text]}))


def events(*given):
    rows = [
        {"device": "D", "member": "Application.evtx", "record": n, "at": START + timedelta(seconds=second),
         "clock": "declared", "provider": provider, "event_id": event_id, "data": data}
        for n, (provider, event_id, second, data) in enumerate(given, 1)
    ]  # fmt: skip
    schema = schema_of("events")
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def cause_of(crashed, **own):
    row = {
        "device": "D", "item": APP, "kind": "win32", "outcome": "failed", "exit_code": -532462766,
        "started_at": START - timedelta(seconds=9), "ended_at": START + timedelta(seconds=1), **own,
    }  # fmt: skip
    schema = schema_of("installs")
    installs = pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)
    return explain_tries(installs, read_crashes(crashed)).select("cause", "cause_record").row(0)


@pytest.mark.parametrize("named", [True, False])
def test_the_exception_written_just_before_a_fault_of_the_program_explains_it(named):
    (run,) = read_crashes(events(thrown(), fault(1, named=named)))
    assert (run.cause, run.cause_record) == (
        "setup.exe ended by an exception of .NET: System.IO.FileNotFoundException",
        1,
    )
    assert (run.app, run.exit_code, run.process, run.family) == (APP, -532462766, 0x1A2C, "crash")


@pytest.mark.parametrize(
    "before",
    [
        thrown(-TOGETHER.total_seconds() - 1),
        thrown(2),
        thrown(text=NET.replace("setup.exe", "other.exe")),
        thrown(text="Application: setup.exe\nno more"),
    ],
    ids=["long before", "after", "another program", "without its name"],
)
def test_an_exception_of_another_moment_or_program_explains_no_fault(before):
    (run,) = read_crashes(events(before, fault(1)))
    assert (run.cause, run.cause_record) == ("setup.exe crashed in KERNELBASE.dll, exception 0xE0434352", 2)


def test_a_program_in_the_cache_of_an_app_ties_its_crash_to_the_try_it_ran_in():
    assert cause_of(events(thrown(), fault()), exit_code=1)[1] == 1
    assert cause_of(events(thrown(3600), fault(3600)), exit_code=1) == (None, None)


@pytest.mark.parametrize(("exit_code", "tied"), [(-532462766, True), (1, False)])
def test_a_program_elsewhere_is_the_installer_only_where_the_try_ended_with_its_code(exit_code, tied):
    crashed = events(fault(path=r"C:\Example\setup.exe"))
    assert (cause_of(crashed, exit_code=exit_code)[0] is not None) is tied


@pytest.mark.parametrize("data", [None, "{}", '{"Data": ["setup.exe"]}', json.dumps({"Data": ["x"] * 11})])
def test_a_fault_without_its_values_is_passed_over(data):
    assert read_crashes(events(("Application Error", 1000, 0, data))) == []
