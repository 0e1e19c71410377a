"""Second tries and waits of the agent: what came later, what is left alone; every id and name is made up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from findings.rule_worlds import GOOD

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.findings import find
from autopilot_analysis.findings.rule import RULES

RULE = {name: RULES[name] for name in ("APP-CAME-LATER", "APP-LEFT-ALONE")}
APP, OTHER = "11111111-2222-4333-8444-555555555555", "11111111-2222-4333-8444-555555555556"
START = datetime.fromisoformat("2026-03-02T08:00:00")


def find_in(tmp_path, *lines):
    """What is found in a log: (minute, message) and, for an error, (minute, message, 3)."""
    text = ""
    for minute, message, *level in lines:
        at = START + timedelta(minutes=minute)
        text += (
            f'<![LOG[{message}]LOG]!><time="{at:%H:%M:%S}.0000000" date="{at.month}-{at.day}-{at.year}" '
            f'component="AppWorkload" context="" type="{level[0] if level else 1}" thread="7" file="">\r\n'
        )
    (tmp_path / "AppWorkload.log").write_text(text, encoding="utf-8")
    tables = read_tables(open_export(tmp_path / "AppWorkload.log"))
    return find(tables, build_trace(tables), rules=RULE)


def begins(minute, app=APP):
    handler = f"[Win32App][DownloadActionHandler] Handler invoked for policy with id: {app} and version: 1"
    miss = f"[Win32App] Content cache miss for app (id = {app}, name Sample Viewer), start downloading..."
    return [(minute, handler), (minute, miss)]


def lost(minute, word="Timeout", code=-2016214937):
    state = (
        f"[Win32App][ReportingManager] Download state for app with id: {APP} has been updated. Report delta: "
        '{"EnforcementState":{"OldValue":"InProgress","NewValue":"ErrorDownloadingContent"},'
        f'"EnforcementErrorCode":{{"OldValue":null,"NewValue":{code}}}}}'
    )
    bin_file = f"C:\\Content\\Incoming\\intunewin-bin_{APP}_1.bin"
    return [
        (minute, f"[Win32App DO] DO download for {bin_file} is not finished, timeout", 3),
        (minute, state),
        (minute, f"[Win32App][DownloadActionHandler] Handler completed with action status: {word}."),
    ]


def comes(minute, exit_code=0, app=APP):
    done = "Success" if exit_code == 0 else "Failed"
    execution = f"Handler invoked with execution type: Install for policy with id: {app} and version: 1."
    found = "Detected" if exit_code == 0 else "NotDetected"
    detection = f"Detection for policy with id: {app} resulted in action status: Success and detection state"
    return [
        (minute, "[Win32App DO] DO download and decryption is successfully done"),
        (minute, f"[Win32App][ExecutionActionHandler] {execution}"),
        (minute, "[Win32App] ===Step=== Execute retry 0"),
        (minute, "[Win32App] Launch Win32AppInstaller in machine session"),
        (minute + 16, "[Win32App] Installation is done, collecting result"),
        (minute + 16, f"[Win32App] lpExitCode {exit_code}"),
        (minute + 16, f"[Win32App] lpExitCode is defined as {done}"),
        (minute + 17, f"[Win32App][DetectionActionHandler] {detection}: {found}."),
    ]


def test_content_that_came_at_a_later_try_is_told_with_the_time_and_the_error_of_the_first(tmp_path):
    found = find_in(tmp_path, *begins(0), *lost(60), *begins(120), *comes(132))
    (row,) = found.findings.to_dicts()
    assert (row["rule"], row["severity"]) == ("APP-CAME-LATER", "info")
    assert row["item"] == (
        "Sample Viewer: download timed out, 2 h 28 min from its first try to its end, "
        "its installer ran for 16 min of it"
    )
    quotes = found.evidence["quote"].to_list()
    assert "download code 0x87D30067" in quotes[0]
    assert any("is not finished, timeout" in quote for quote in quotes)


@pytest.mark.parametrize(
    "lines",
    [
        [*begins(0), *lost(60)],
        [*begins(0), *comes(12)],
        [*begins(0), *lost(60), *begins(120), *comes(132, 1603)],
        [*begins(0), *lost(60), *begins(120, OTHER), *comes(132, app=OTHER)],
    ],
    ids=["no second try", "no first failure", "failed again", "another app"],
)
def test_what_did_not_come_or_came_at_once_is_none(tmp_path, lines):
    assert "APP-CAME-LATER" not in find_in(tmp_path, *lines).findings["rule"].to_list()


def saved(minute, app=APP):
    at = START + timedelta(minutes=minute)
    path = f"22222222-aaaa-4bbb-8ccc-000000000009\\GRS\\AAAA\\{app}"
    return (minute, f"[Win32App][GRSManager] Saved GRS value: {at:%m/%d/%Y %H:%M:%S} to path: {path}")


def held(minute, app=APP):
    words = f"App with id: {app} to install is in GRS. The app will not be enforced."
    return (minute, f"[Win32App][ActionProcessor] {words}")


FAILED = [*begins(0), *comes(10, 1602), saved(27)]
NOT_HELD = f"[Win32App][GRSManager] App with id: {APP} has no recorded GRS value and is treated as expired"
CLEARED = (
    "[Win32App][DownloadActionHandler] Clearing GRS and subgraph reevaluation time so the app can be enforced"
)


def test_an_app_that_the_agent_leaves_alone_is_told_with_its_time(tmp_path):
    found = find_in(tmp_path, *FAILED, held(90), held(150), held(210), held(270))
    (row,) = found.findings.to_dicts()
    assert (row["rule"], row["item"]) == ("APP-LEFT-ALONE", "Sample Viewer, not before 2026-03-03 08:27 UTC")
    assert found.evidence.height == 3


@pytest.mark.parametrize(
    "lines",
    [
        FAILED,
        [*FAILED, held(90, OTHER)],
        [*FAILED, held(90), (100, CLEARED)],
        [*FAILED, held(90), (24 * 60 + 27 + 14 * 60, "[Win32App] nothing to do")],
        [(0, NOT_HELD)],
    ],
    ids=["not held yet", "another app", "cleared", "over", "expired"],
)
def test_no_wait_is_told_where_the_agent_does_not_wait(tmp_path, lines):
    assert "APP-LEFT-ALONE" not in find_in(tmp_path, *lines).findings["rule"].to_list()


def test_a_wait_lasts_as_long_as_a_local_clock_may_lie_behind(tmp_path):
    last = (24 * 60 + 26 + 14 * 60, "[Win32App] nothing to do")
    assert find_in(tmp_path, *FAILED, held(90), last).findings["rule"].to_list() == ["APP-LEFT-ALONE"]


def test_in_a_deployment_the_failed_try_says_so_itself(world, at):
    install = {"item": APP, "next_retry_at": at(1440)}
    lines = [("info", held(0)[1])]
    assert find(*world(lines=lines, installs=[install], attempts=GOOD), rules=RULE).findings.is_empty()
