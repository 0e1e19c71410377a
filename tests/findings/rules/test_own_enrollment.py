"""OOBE begins anew behind a policy's restart and meets the enrolment of its own."""

import pytest
from findings.rule_worlds import enrolled_twice

from autopilot_analysis.findings import find

RULE = "MDM-ENROLLED-BEFORE-RESTART"
ENROLLMENT = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Enrollments\{}"
JOIN = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo\AB"
BY_CLIENT = ("user32:1074", {"Data": [r"C:\Windows\system32\omadmclient.exe (PC)", "restart"]}, 13, None)
BY_UPDATE = ("user32:1074", {"Data": [r"C:\Windows\UUS\MoUsoCoreWorker.exe (PC)", "restart"]}, 13, None)
RENAMED = ("rename", 15, None, "DESKTOP-1 is now WS-1")


def enrolment(number, user="jo@example.com", service="MS DM Server"):
    key = ENROLLMENT.format(number)
    return [(key, "UPN", user), (key, "ProviderID", service)]


@pytest.mark.parametrize(
    ("wish", "item"),
    [
        ("./Device/Vendor/MSFT/Accounts/Domain/ComputerName", "Accounts/Domain/ComputerName"),
        ("./Vendor/MSFT/Policy/Config/DeviceGuard/LsaCfgFlags", "DeviceGuard/LsaCfgFlags"),
        ("./Vendor/MSFT/AppLocker/ApplicationLaunchRestrictions", "AppLocker/ApplicationLaunchRestrictions"),
    ],
)
def test_the_policy_that_asked_is_named(proofs, wish, item):
    assert set(proofs(RULE, **enrolled_twice(wishes=[wish]))["item"]) == {item}


@pytest.mark.parametrize(
    ("event", "steps", "items"),
    [
        (BY_CLIENT, [RENAMED], {"the new name of the computer"}),
        (BY_CLIENT, [], {"a policy that no record names"}),
        (BY_UPDATE, [RENAMED], set()),
    ],
)
def test_without_the_wish_the_restart_itself_tells(proofs, event, steps, items):
    given = enrolled_twice(event, wishes=[])
    given["steps"] = [*given["steps"], *steps]
    assert set(proofs(RULE, **given)["item"]) == items


@pytest.mark.parametrize(
    ("registry", "found"),
    [
        (enrolment(1), True),
        ([*enrolment(1), (JOIN, "UserEmail", "JO@example.com")], True),
        ([*enrolment(1), *enrolment(2, "lou@example.com")], False),
        ([*enrolment(1), (JOIN, "UserEmail", "lou@example.com")], False),
        (enrolment(1, service="Fleet"), False),
        ([*enrolment(1), (ENROLLMENT.format(3), "ProviderID", "Placeholder")], True),
    ],
)
def test_another_enrolment_in_the_registry_is_the_one_in_the_way(proofs, registry, found):
    assert (proofs(RULE, **enrolled_twice(registry=registry)).height > 0) == found


@pytest.mark.parametrize(("second", "found"), [(245, True), (246, False)])
def test_an_enrolment_of_hours_ago_is_an_earlier_deployment_s(proofs, second, found):
    assert (proofs(RULE, **enrolled_twice(second=second)).height > 0) == found


def test_a_device_that_left_its_management_meanwhile_was_enrolled_no_more(proofs):
    given = enrolled_twice()
    given["marks"] = [*given["marks"], ("unenrolled", "mdm_enrollment", 18, None, "{}")]
    assert proofs(RULE, **given).is_empty()


def test_the_wish_of_an_earlier_day_is_none(proofs):
    given = enrolled_twice(wishes=[])
    given["marks"] = [("reboot_required_by_policy", None, 2, None, "./Vendor/MSFT/A/B"), *given["marks"]]
    assert proofs(RULE, **given).is_empty()


def test_nothing_else_is_called_the_cause(world):
    found = find(*world(**enrolled_twice())).findings
    assert set(found.filter(found["role"] == "cause")["rule"]) == {RULE}
    assert "0x8018000A: " not in found["meaning"][0]
