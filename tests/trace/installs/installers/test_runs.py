"""Runs of installers as their own logs tell them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.tables import schema_of
from autopilot_analysis.tables.completing import with_lacking
from autopilot_analysis.trace.installs.installers.runs import file_name, read_runs

BEGUN = "=== Verbose logging started: 3/2/2026  8:00:00"
START = datetime(2026, 3, 2, 8, tzinfo=UTC).replace(tzinfo=None)
PRODUCT = "{11111111-2222-4333-8444-555555555555}"


def runs(*messages, source="installer_msi"):
    rows = pl.DataFrame(
        {
            "device": "SN-0001",
            "member": "C:\\Windows\\Temp\\Agent.LOG",
            "record": range(1, len(messages) + 1),
            "written_at": [START + timedelta(minutes=minute) for minute in range(len(messages))],
            "message": messages,
        }
    )
    lines = with_lacking(rows, schema_of("log_lines"))
    members = pl.DataFrame({"device": "SN-0001", "member": rows["member"][0], "source": source})
    return read_runs(lines, members)


def test_a_log_tells_what_ran_how_long_and_how_it_ended():
    (run,) = runs(
        BEGUN,
        f"Property(S): ProductCode = {PRODUCT}",
        "Property(S): ProductName = Contoso Agent",
        "Property(C): CLIENTPROCESSID = 4711",
        "MSI (s) (10:20) [08:00:00:000]: MainEngineThread is returning 1603",
    )
    assert (run.family, run.product, run.name, run.process) == ("msi", PRODUCT, "Contoso Agent", 4711)
    assert (run.began, run.ended) == (START, START + timedelta(minutes=4))
    assert (run.exit_code, run.log) == (1603, "agent.log")


def test_each_beginning_is_a_run_of_its_own():
    ends = "MainEngineThread is returning {}"
    codes = [run.exit_code for run in runs(BEGUN, ends.format(1618), BEGUN, ends.format(0))]
    assert codes == [1618, 0]


def test_a_run_that_ended_well_needs_no_cause():
    failed = "Error 1925. Not enough rights."
    (well,) = runs(BEGUN, failed, "MainEngineThread is returning 0")
    (ill,) = runs(BEGUN, failed, "MainEngineThread is returning 1603")
    assert (well.cause, ill.cause) == (None, failed)


def test_the_folder_of_the_agents_cache_names_the_app():
    app = "99999999-8888-4777-8666-555555555555"
    (run,) = runs(BEGUN, f"Command line: C:\\Windows\\IMECache\\{app.upper()}_1\\setup.exe")
    assert run.app == app


def test_a_log_of_any_other_source_is_no_run():
    assert runs(BEGUN, source="setup_log") == []


def test_the_last_part_of_a_path_is_its_name_whichever_slashes_it_has():
    assert [file_name(path) for path in ("a/B.log", "a\\B.log", "B.log")] == ["b.log"] * 3
