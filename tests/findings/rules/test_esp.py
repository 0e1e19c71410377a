"""Rules of the status page, at their limits."""

import pytest
from findings.rule_worlds import at

from autopilot_analysis.findings import RULES, find

FIRST_SYNC = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000\FirstSync"


@pytest.mark.parametrize(("minutes", "found"), [(40, False), (41, True), (80, True), (81, False)])
def test_hybrid_join_adds_forty_minutes_to_the_limit_of_the_page(world, minutes, found):
    ran = world(
        attempts=[("failed", "device_setup", "hybrid_join", 0, minutes, None)],
        registry=[(FIRST_SYNC, "SyncFailureTimeout", "40")],
        runs=[(1, "device_setup", "failed", 0, minutes, None, None)],
    )
    rule = {"ESP-HYBRID-EXTRA": RULES["ESP-HYBRID-EXTRA"]}
    assert (find(*ran, rules=rule).findings.height == 1) is found


@pytest.mark.parametrize(
    ("app", "rule"),
    [
        ({"download_outcome": "failed"}, "ESP-APP-CONTENT"),
        ({"download_outcome": "failed", "exit_code": 1603}, "ESP-APP-FAILED"),
        ({"download_outcome": "failed", "started_at": at(20)}, "ESP-APP-FAILED"),
        ({"download_outcome": "succeeded"}, "ESP-APP-FAILED"),
        ({"download_outcome": "succeeded", "code": "0x87D30067"}, "ESP-APP-CONTENT"),
        ({"code": "0x87D30068"}, "ESP-APP-CONTENT"),
        ({"code": "0x87D30067", "exit_code": 1}, "ESP-APP-FAILED"),
        ({"download_outcome": "failed", "code": "0x80070070"}, None),
    ],
)
def test_an_app_that_ended_with_its_content_is_no_failing_installer(proofs, failure, app, rule):
    given = failure("device_setup", code="0x81036502") | {"installs": [{"outcome": "failed"} | app]}
    rules = ("ESP-APP-CONTENT", "ESP-APP-FAILED")
    assert [name for name in rules if proofs(name, **given).height] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("app", "rule"),
    [
        ({"kind": "winget", "download_started_at": at(21)}, "ESP-DOWNLOAD-OPEN"),
        ({"kind": "winget", "download_started_at": at(21), "download_ended_at": at(25)}, "ESP-APP-HUNG"),
        ({"kind": "winget"}, "ESP-APP-HUNG"),
        ({"kind": "win32", "download_started_at": at(15)}, "ESP-APP-HUNG"),
    ],
)
def test_a_store_app_loads_in_the_step_that_installs_it(proofs, failure, app, rule):
    given = failure("device_setup", code="0x800705B4")
    given["installs"] = [{"outcome": "unfinished", "started_at": at(20)} | app]
    rules = ("ESP-DOWNLOAD-OPEN", "ESP-APP-HUNG")
    assert [name for name in rules if proofs(name, **given).height] == [rule]


def asked_at(*asked):
    """Wishes for a restart, and the one restart in the half hour of device setup."""
    marks = [
        ("reboot_required_by_policy", None, minute, None, f'{{"Message1":"{uri}"}}') for minute, uri in asked
    ]
    return {
        "attempts": [("succeeded", None, "user_driven", 0, 60, None)],
        "runs": [(1, "device_setup", "succeeded", 10, 40, None, None)],
        "marks": marks,
        "steps": [("boot", 30, None, "")],
    }


@pytest.mark.parametrize(
    ("asked", "item"),
    [
        ([(20, "./Device/Vendor/MSFT/Policy/Config/Power/Standby")], "Power/Standby"),
        (
            [(20, "./Vendor/MSFT/AppLocker/Managed/EXE"), (35, "./Vendor/MSFT/VPNv2/Office")],
            "AppLocker/Managed/EXE",
        ),
        ([(20, "./Vendor/MSFT/A/B, ./Vendor/MSFT/C/D"), (21, "./Vendor/MSFT/A/B")], "A/B, C/D"),
        ([(20, "")], None),
    ],
)
def test_a_restart_inside_the_page_names_the_policies_that_had_asked_before_it(proofs, asked, item):
    assert set(proofs("ESP-REBOOT", **asked_at(*asked))["item"]) == {item}


@pytest.mark.parametrize(("minute", "found"), [(62, 1), (58, 0)])
def test_the_pages_own_button_tells_that_somebody_continued(proofs, failure, minute, found):
    marks = [("page_continued", None, minute, None, "Continue button selected")]
    rows = proofs("ESP-CONTINUED-ANYWAY", **failure("device_setup"), marks=marks)
    assert rows["quote"].to_list() == ["Continue button selected"] * found
