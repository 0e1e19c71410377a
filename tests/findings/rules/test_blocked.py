"""Apps whose installer Windows did not let run."""

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import find

BLOCK = {"ID": "01443614-cd74-433a-b99e-2ecdc07bfc25", "Path": r"C:\example\driver.exe"}
TIED = {"cause": "a rule blocked driver.exe", "cause_member": "export.evtx", "cause_record": 1}
FAILED = {
    "attempts": [("failed", "device_setup", "user_driven", 0, 60, "0x80070005")],
    "runs": [(1, "device_setup", "failed", 10, 60, "0x80070005", None)],
}
WELL = {"attempts": [("succeeded", None, "user_driven", 0, 60, None)]}


def rules(world, key="defender:1121", fields=BLOCK, story=FAILED, **install):
    app = {"code": "0x80070005", "exit_code": 5} | TIED | install
    found = find(*world(**story, events=[(key, fields, 20, None)], installs=[app])).findings
    apps = found.filter(found["rule"].str.contains("APP-FAILED|APP-BLOCKED|APP-RUNTIME"))
    return dict(apps.select("rule", "severity").iter_rows())


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("defender:1121", "APP-BLOCKED-DEFENDER"),
        ("defender:1116", "APP-BLOCKED-ANTIVIRUS"),
        ("integrity:3077", "APP-BLOCKED-CONTROL"),
        ("applocker:8007", "APP-BLOCKED-CONTROL"),
        ("sxs:33", "APP-RUNTIME-MISSING"),
    ],
)
def test_what_blocked_the_installer_is_the_cause_in_place_of_the_app_that_failed(world, key, rule):
    assert rules(world, key) == {rule: "critical"}


def test_an_app_whose_try_nothing_ties_to_the_block_only_failed(world):
    assert rules(world, cause_record=2) == {"ESP-APP-FAILED": "critical"}


def test_a_record_of_an_audit_blocks_no_app(world):
    assert rules(world, "defender:1122") == {"ESP-APP-FAILED": "critical"}


def test_a_blocked_app_that_no_page_waited_for_weighs_as_any_that_failed(world):
    assert rules(world, story=WELL) == {"APP-BLOCKED-DEFENDER": "info"}


def test_the_record_that_blocked_is_quoted(world):
    app = {"code": "0x80070005", "exit_code": 5} | TIED
    evidence = find(*world(**FAILED, events=[("defender:1121", BLOCK, 20, None)], installs=[app])).evidence
    quotes = evidence.filter(evidence["rule"] == "APP-BLOCKED-DEFENDER")
    assert TIED["cause"] in quotes["quote"].to_list()


def test_every_blocking_rule_explains_the_page_that_failed():
    explained = read_facts("explains").filter(read_facts("explains")["consequence"] == "ESP-APPS-FAILED")
    assert set(read_facts("blocking_events")["rule"]) <= set(explained["cause"])
