"""The Intune agent's own package: not downloaded, not installed, or there in the end."""

import pytest

from autopilot_analysis import find
from autopilot_analysis.trace.installs.rows import reason_of

PACKAGE = "{aaaaaaaa-2222-4333-8444-555555555555}"
HOST = "content.example.com"
TOLD = {"Message1": PACKAGE, "Message3": f"https://{HOST}/IntuneWindowsAgent.msi"}
LOADED, INSTALLED = "AGENT-NOT-LOADED", "AGENT-NOT-INSTALLED"
LOST = {
    "item": PACKAGE,
    "name": "IntuneWindowsAgent.msi",
    "kind": "msi",
    "phase": None,
    "blocking": None,
    "outcome": "failed",
    "code": "0x80072EE2",
    "reason": reason_of("ContentDownloadFailed"),
    "member": "export.evtx",
    "record": 1,
}
BROKEN = LOST | {"reason": None, "exit_code": 1603, "code": "0x80070643"}


def stopped(stage="device_preparation", *, mark="provider_install_failed", more=()):
    """An attempt that a stage ended, and what else was marked in it: (name, detail)."""
    marks = [(mark, stage, 16, "0x800705B4", "")]
    marks += [(name, "device_preparation", 10, None, detail) for name, detail in more]
    return {
        "attempts": [("failed", stage, "user_driven", 0, 16, None)],
        "runs": [(1, stage, "failed", 1, 16, "0x800705B4", mark)],
        "marks": marks,
        "events": [("dm:1907", TOLD, 5, "0x80072EE2")],
    }


@pytest.mark.parametrize(
    ("rule", "given", "item"),
    [(LOADED, LOST, HOST), (LOADED, LOST | {"record": 99}, None), (INSTALLED, BROKEN, None)],
)
@pytest.mark.parametrize("stage", ["device_preparation", "device_setup"])
def test_an_agent_that_did_not_come_is_told_once_with_the_host_of_its_package(
    world, rule, given, item, stage
):
    mark = "provider_install_failed" if stage == "device_preparation" else "esp_timed_out"
    found = find(*world(**stopped(stage, mark=mark), installs=[given])).findings
    assert found.filter(role="cause")["rule"].to_list() == [rule]
    (title,) = found.filter(rule=rule)["title"]
    assert (HOST in title) is (item == HOST)
    assert set(found["rule"]) <= {rule, "PROVIDER-INSTALL-FAILED", "ESP-TIMEOUT"}


@pytest.mark.parametrize(
    ("more", "installs", "told"),
    [
        ([("provider_installed", '{"Message1":"Sidecar"}')], [LOST], 0),
        ([("provider_installed", '{"Message1":"ConfigMgr"}')], [LOST], 1),
        ([], [LOST, LOST | {"outcome": "succeeded", "reason": None, "code": None}], 0),
        ([], [LOST | {"name": "example.msi"}], 0),
        ([], [BROKEN], 0),
    ],
)
def test_an_agent_that_came_in_the_end_and_another_package_are_none(proofs, more, installs, told):
    assert proofs(LOADED, **stopped(more=more), installs=installs).height == told


def test_the_users_part_does_not_wait_for_the_agents_package(proofs):
    world = stopped("account_setup", mark="esp_timed_out")
    assert proofs(LOADED, **world, installs=[LOST]).is_empty()
    assert proofs(INSTALLED, **world, installs=[BROKEN]).is_empty()


@pytest.mark.parametrize("name", ["IntuneWindowsAgent.msi", "example.msi"])
def test_the_agents_package_is_no_app_that_the_page_waits_for(world, name):
    given = [row | {"name": name, "phase": "device"} for row in (LOST, BROKEN)]
    found = find(*world(**stopped("device_setup", mark="esp_timed_out"), installs=given)).findings
    of_apps = {"ESP-APP-FAILED", "ESP-APP-CONTENT"} & set(found["rule"])
    assert bool(of_apps) is (name == "example.msi")
