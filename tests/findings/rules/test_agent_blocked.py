"""The Intune agent itself, blocked by a guard of Windows."""

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables

FOLDER = r"\Device\HarddiskVolume3\Program Files (x86)\Microsoft Intune Management Extension"
AGENT = rf"{FOLDER}\Microsoft.Management.Services.IntuneWindowsAgent.exe"
POLICY = "{6f2c9b0e-3d5a-4c17-9a51-0f3b6e8d2c44}"
STOPPED = {
    "attempts": [("failed", "device_preparation", "user_driven", 0, 16, None)],
    "runs": [(1, "device_preparation", "failed", 1, 16, None, "provider_install_failed")],
    "marks": [("provider_install_failed", "device_preparation", 16, None, "")],
}


def blocked(key="integrity:3077", minute=9, **fields):
    return (key, fields or {"FileName": AGENT, "PolicyName": "Lockdown"}, minute, None)


@pytest.mark.parametrize(
    ("event", "item"),
    [
        (blocked(), "IntuneWindowsAgent.exe, by the App Control (WDAC) policy Lockdown"),
        (
            blocked("integrity:3033", FileName=AGENT),
            "IntuneWindowsAgent.exe, by code integrity (App Control)",
        ),
        (
            blocked("applocker:8004", FullFilePath=r"C:\Windows\IntuneWindowsAgent.msi", PolicyName="MSI"),
            "IntuneWindowsAgent.msi, by AppLocker, by its rules for MSI",
        ),
        (
            blocked("defender:1121", Path=rf"{FOLDER}\AgentExecutor.exe"),
            "AgentExecutor.exe, by the attack surface reduction rule of Defender",
        ),
        (blocked("integrity:3076"), None),
        (blocked(FileName=r"C:\Windows\System32\drivers\example.sys"), None),
        (blocked(FileName=rf"{FOLDER}\Content\Incoming\example\setup.exe"), None),
        (blocked(FileName=r"C:\Games\launcher.exe", ProcessName=AGENT), None),
    ],
)
def test_a_guard_that_blocks_a_file_of_the_agent_is_told_with_its_policy(proofs, event, item):
    rows = proofs("AGENT-BLOCKED", **STOPPED, events=[event])
    assert [one.endswith(item or "") for one in rows["item"]] == ([True] if item else [])
    assert rows["severity"].to_list() == (["critical"] if item else [])


@pytest.mark.parametrize("minute", [17, 600])
def test_what_was_blocked_after_the_wait_for_the_agent_weighs_less(proofs, minute):
    assert proofs("AGENT-BLOCKED", **STOPPED, events=[blocked(minute=minute)])["severity"][0] == "warning"


def test_an_agent_that_may_not_run_explains_that_it_was_not_installed(world):
    found = find(*world(**STOPPED, events=[blocked()])).findings
    roles = dict(found.select("rule", "role").iter_rows())
    assert (roles["AGENT-BLOCKED"], roles["PROVIDER-INSTALL-FAILED"]) == ("cause", "consequence")


LISTED = """Level,Date and Time,Source,Event ID,Task Category
Error,10/26/2026 10:04:11 AM,Microsoft-Windows-CodeIntegrity,3077,(18),"Code Integrity determined that a \
process (\\Device\\HarddiskVolume3\\Windows\\System32\\services.exe) attempted to load {file} \
that did not meet the Enterprise signing level requirements or violated code integrity policy (Policy \
ID:{policy})."
Information,10/26/2026 10:01:30 AM,Microsoft-Windows-CodeIntegrity,3099,(1),"Refreshed and activated Code \
Integrity policy {policy} Example-Base. id WDAC-1. Status 0x0"
"""


def test_a_list_of_events_names_the_file_and_the_policy_by_its_message(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LISTED.format(file=AGENT, policy=POLICY), encoding="utf-8")
    tables = read_tables(open_export(path))
    found = find(tables, build_trace(tables)).findings.filter(rule="AGENT-BLOCKED")
    assert found["item"][0].endswith("IntuneWindowsAgent.exe, by the App Control (WDAC) policy Example-Base")
