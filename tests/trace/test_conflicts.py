from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.tables import SCHEMAS, Tables, schema_of
from autopilot_analysis.trace.conflicts import find_conflicts
from autopilot_analysis.trace.installs.build import build_installs

APP = "11111111-2222-4333-8444-555555555555"
NOBODY = "00000000-0000-0000-0000-000000000000"
KEY = rf"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\IntuneManagementExtension\Win32Apps\{NOBODY}\{APP}_1"


def tables(state):
    schema = schema_of("log_lines")
    start = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    messages = [
        f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: "
        f"Install for policy with id: {APP} and version: 1",
        "[Win32App] lpExitCode 0",
        "[Win32App] lpExitCode is defined as Success",
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {APP} "
        f"resulted in action status: Success and detection state: Detected.",
    ]
    rows = [
        {
            "device": "D",
            "member": "AppWorkload.log",
            "record": n,
            "clock": "device_zone",
            "at": start + timedelta(seconds=n),
            "message": m,
        }
        for n, m in enumerate(messages, 1)
    ]
    log = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    schema = schema_of("registry_values")
    value = {
        "device": "D",
        "member": "dump.reg",
        "record": 1,
        "key": KEY,
        "name": "EnforcementStateMessage",
        "kind": "REG_SZ",
        "value": f'{{"EnforcementState":{state},"ErrorCode":0}}',
    }
    registry = pl.DataFrame([value], schema=schema)
    empty = {name: SCHEMAS[name].create_empty() for name in Tables.__dataclass_fields__}
    return Tables(**(empty | {"log_lines": log, "registry_values": registry}))


def test_a_registry_that_contradicts_the_log_is_told_and_the_log_is_believed():
    given = tables(5000)
    row = find_conflicts(given, build_installs(given)).row(0, named=True)
    assert (row["registry"], row["log"], row["believed"]) == ("Win32Apps: failed", "succeeded", "succeeded")
    assert "the log shows the try itself" in row["why"]


def test_sources_that_agree_are_no_conflict():
    given = tables(1000)
    assert find_conflicts(given, build_installs(given)).is_empty()


def test_an_open_registry_state_contradicts_nobody():
    given = tables(2000)
    assert find_conflicts(given, build_installs(given)).is_empty()


def test_intune_s_own_report_is_set_beside_the_device():
    given = tables(1000)
    report = pl.DataFrame({"device": ["D"], "item": [APP], "outcome": ["failed"]})
    row = find_conflicts(given, build_installs(given), report).row(0, named=True)
    assert (row["report"], row["log"], row["believed"]) == ("failed", "succeeded", "succeeded")
