"""Runs of scripts, as two logs tell of them."""

import json
from datetime import datetime, timedelta

import polars as pl

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log

POLICY = "33333333-aaaa-4bbb-8ccc-000000000001"
OTHER = "33333333-aaaa-4bbb-8ccc-000000000002"
APP = "11111111-aaaa-4bbb-8ccc-000000000001"
USER = "22222222-aaaa-4bbb-8ccc-000000000009"
START = datetime(2026, 3, 2, 8)  # noqa: DTZ001 (as a log writes it)
HEALTH = rf"C:\Windows\IMECache\HealthScripts\{POLICY}_3"
RULES = r"C:\Program Files (x86)\Microsoft Intune Management Extension\Content\DetectionScripts"
SCRIPTS = r"C:\Program Files (x86)\Microsoft Intune Management Extension\Policies\Scripts"


def log(member, *records, thread=1):
    """Records of (second, message) as the rows of one log, its clock known."""
    schema = schema_of("log_lines")
    rows = [
        {
            "device": "D",
            "member": member,
            "record": number,
            "written_at": START + timedelta(seconds=second),
            "at": START + timedelta(seconds=second),
            "clock": "declared",
            "thread": thread,
            "message": message,
        }
        for number, (second, message) in enumerate(records, 1)
    ]
    return (
        pl.DataFrame([{name: row.get(name) for name in schema} for row in rows])
        .cast({"at": pl.Datetime("us")})
        .with_columns(pl.col("at").dt.replace_time_zone("UTC"))
        .cast(schema)
    )


def executed(second, option, path, *, exits=0, output="", error="", lasts=2, process=7):
    """What the executor writes of one call."""
    begin = [
        (second, "ExecutorLog AgentExecutor gets invoked"),
        (second, f"Adding argument {option} with value {path} to the named argument list."),
        (second, f"[Executor] created powershell with process id {process}"),
    ]
    if exits is None:
        return begin
    return [
        *begin,
        (second + lasts, f"Powershell exit code is {exits}"),
        (second + lasts, f"error from script ={error}\n"),
        (second + lasts, f"write output done. output = {output}\n, error = {error}\n"),
    ]


def only(*logs):
    rows = read_installs_from_log(pl.concat(logs))
    assert rows.height == 1
    return rows.row(0, named=True)


def test_a_remediation_with_all_its_parts_is_one_row():
    row = only(
        log(
            "AgentExecutor.log",
            *executed(0, "remediationScript", rf"{HEALTH}\detect.ps1", exits=1, output="missing"),
            *executed(10, "remediationScript", rf"{HEALTH}\remediate.ps1", output="line one\nline two"),
            *executed(20, "remediationScript", rf"{HEALTH}\detect.ps1", output="all well"),
        )
    )
    assert (row["kind"], row["item"], row["version"]) == ("remediation", POLICY, "3")
    assert (row["outcome"], row["exit_code"]) == ("succeeded", 0)
    assert (row["detected_before"], row["detected_after"]) == (False, True)
    assert (row["ended_at"] - row["started_at"]).total_seconds() == 22
    parts = json.loads(row["detail"])["parts"]
    assert [(part["part"], part["exit_code"], part["output"]) for part in parts] == [
        ("pre", 1, "missing"),
        ("remediate", 0, "line one\nline two"),
        ("post", 0, "all well"),
    ]


def test_detection_long_after_a_fix_is_the_next_run():
    rows = read_installs_from_log(
        log(
            "AgentExecutor.log",
            *executed(0, "remediationScript", rf"{HEALTH}\detect.ps1", exits=1),
            *executed(10, "remediationScript", rf"{HEALTH}\remediate.ps1"),
            *executed(12 + 301, "remediationScript", rf"{HEALTH}\detect.ps1", exits=1),
        )
    )
    assert rows["try_number"].to_list() == [1, 2]
    assert rows["detected_after"].to_list() == [None, None]


def test_a_run_in_two_logs_is_one_row_that_names_the_nearer_and_keeps_the_other():
    row = only(
        log(
            "IntuneManagementExtension.log",
            (0, f"[PowerShell] Processing policy with id = {POLICY} for user {USER}"),
            (1, "Launch powershell executor in user session"),
            (6, "Powershell execution is done, exitCode = 0"),
            (6, f"[PowerShell] User Id = {USER}, Policy id = {POLICY}, policy result = Failed"),
        ),
        log(
            "AgentExecutor.log",
            *executed(2, "powershell", rf"{SCRIPTS}\{USER}_{POLICY}.ps1", error="denied", lasts=3),
        ),
    )
    assert (row["member"], row["record"], row["context"]) == ("AgentExecutor.log", 1, "user")
    assert (row["outcome"], row["exit_code"]) == ("failed", 0)
    detail = json.loads(row["detail"])
    assert detail["also"] == {"member": "IntuneManagementExtension.log", "record": 1}
    assert detail["error"] == "denied"


def test_a_call_whose_exit_was_never_written_does_not_take_that_of_the_next():
    rows = read_installs_from_log(
        log(
            "AgentExecutor.log",
            *executed(0, "powershell", rf"{SCRIPTS}\{USER}_{POLICY}.ps1", exits=None),
            *executed(30, "powershell", rf"{SCRIPTS}\{USER}_{OTHER}.ps1", exits=1, output="late"),
        )
    )
    found = {row["item"]: (row["outcome"], row["exit_code"]) for row in rows.iter_rows(named=True)}
    assert found == {POLICY: ("unfinished", None), OTHER: ("failed", 1)}


def test_an_exit_while_two_parts_of_the_agent_wait_belongs_to_neither():
    rows = read_installs_from_log(
        log(
            "AgentExecutor.log",
            *executed(0, "powershell", rf"{SCRIPTS}\{USER}_{POLICY}.ps1", exits=None),
            *executed(1, "powershellDetection", rf"{RULES}\{APP}_2.ps1", exits=1),
        )
    )
    assert rows["exit_code"].to_list() == [None, None]


def test_only_the_log_of_apps_tells_a_requirement_from_a_detection():
    saved = rf"[Win32App] Requirement script file {RULES}\{APP}_2.ps1 is saved."
    ran = log("AgentExecutor.log", *executed(1, "powershellDetection", rf"{RULES}\{APP}_2.ps1", output="yes"))
    row = only(log("AppWorkload.log", (0, saved)), ran)
    assert (row["kind"], row["item"], row["version"]) == ("requirement", f"requirement of {APP}", "2")
    assert only(ran)["kind"] == "detection"


def test_a_policy_of_type_8_is_custom_compliance_and_must_exit_with_0():
    row = only(
        log(
            "HealthScripts.log",
            (0, f"[HS] ProcessScript PolicyId: {POLICY} PolicyType: 8"),
            (0, "[HS] The policy needs be run as System"),
            (5, "[HS] err output = "),
            (5, '[HS] std output = {"TpmReady": false}'),
            (5, "[HS] exit code of the script is 1"),
        )
    )
    assert (row["kind"], row["outcome"], row["exit_code"], row["context"]) == (
        "compliance",
        "failed",
        1,
        "system",
    )
    assert json.loads(row["detail"])["output"] == '{"TpmReady": false}'


def test_two_logs_in_two_zones_are_paired_in_order_and_timed_by_the_agent_s():
    hours = 3 * 3600
    row = only(
        log(
            "IntuneManagementExtension.log",
            (hours, f"[PowerShell] Processing policy with id = {POLICY} for user {USER}"),
            (hours + 4, "Powershell execution is done, exitCode = 0"),
        ),
        log("AgentExecutor.log", *executed(1, "powershell", rf"{SCRIPTS}\{USER}_{POLICY}.ps1")),
    )
    assert row["started_at"].hour == START.hour + 3
