"""The agent stops in setup for a restart: loud where none comes, silent where it goes on."""

from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables

APP = "11111111-2222-4333-8444-555555555555"
STOPS = "[Win32App][V3Processor] A restart is required to continue processing apps. Stop processing."
AGAIN = "EMS Agent Started"


def line(minute, message):
    when = f'time="08:{minute:02}:00.0000000" date="10-6-2026"'
    return (
        f'<![LOG[{message}]LOG]!><{when} component="AppWorkload" context="" type="1" thread="19" file="">\n'
    )


def log(*later, phase="DeviceSetup", exit_code=3010):
    began = [
        (0, f"[Win32App] In EspPhase: {phase}."),
        (
            1,
            f"[Win32App] ExecManager: processing targeted app (name='Example Drivers', id='{APP}') with "
            "intent=3, appApplicabilityStateDueToAssginmentFilters= for user session 0",
        ),
        (2, "[Win32App] Launch Win32AppInstaller in machine session"),
        (3, "[Win32App] Create installer process successfully. pid = 4242"),
        (5, "[Win32App] Installation is done, collecting result"),
        (5, f"[Win32App] lpExitCode {exit_code}"),
        (5, "[Win32App] lpExitCode is defined as SoftReboot"),
        (
            5,
            f"[ReportingManager] Execution state for app with id: {APP} has been updated. Report delta: "
            '{"EnforcementState":{"OldValue":"InProgress","NewValue":"InProgressPendingReboot"}}',
        ),
    ]
    return "".join(line(*one) for one in [*began, *later])


def found(tmp_path, text, note=""):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "AppWorkload.log").write_text(text, encoding="utf-8")
    if note:
        (folder / "note.txt").write_text(note, encoding="utf-8")
    tables = read_tables(open_export(folder))
    return find(tables, build_trace(tables)).findings


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ({}, "device_setup"),
        ({"phase": "AccountSetup"}, "account_setup"),
        ({"exit_code": 1641}, "device_setup"),
    ],
)
def test_a_restart_that_nobody_makes_is_the_cause_and_names_the_app(tmp_path, given, stage):
    text = log((6, STOPS), (11, STOPS), (16, STOPS), **given)
    (row,) = found(tmp_path, text).filter(rule="AGENT-STOPPED-FOR-RESTART").to_dicts()
    item = f"Example Drivers (exit code {given.get('exit_code', 3010)})"
    assert (row["item"], row["stage"], row["severity"]) == (item, stage, "high")


def test_the_page_that_somebody_wrote_down_follows_from_it(tmp_path):
    text = log((6, STOPS), (16, STOPS))
    rows = found(tmp_path, text, 'Pre-provisioning ends at the red screen: "Apps (Error)"\n')
    assert rows["rule"].to_list() == ["AGENT-STOPPED-FOR-RESTART", "PAGE-SETUP-FAILED"]
    assert rows["role"][1] == "consequence"


@pytest.mark.parametrize(
    "text",
    [
        log((6, STOPS)),
        log((6, STOPS), (15, STOPS)),
        log((6, STOPS), (11, STOPS), (16, STOPS), (18, AGAIN)),
        log((6, STOPS), (16, STOPS), (17, "[Win32App] Launch Win32AppInstaller in machine session")),
        log((6, STOPS), (16, STOPS), phase="NotInEsp"),
    ],
)
def test_a_stop_that_ends_or_that_is_of_another_day_is_none(tmp_path, text):
    assert "AGENT-STOPPED-FOR-RESTART" not in found(tmp_path, text)["rule"].to_list()
