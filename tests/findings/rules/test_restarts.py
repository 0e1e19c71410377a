"""A restart between device and account setup asks for the sign-in again: what came of it, what refused it."""

import pytest
from findings.rule_worlds import WRONG, signing_in_again

from autopilot_analysis.facts import read_facts

POLICIES = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\PolicyManager\current\device"
SYSTEM = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
AGAIN = "SIGN-IN-AGAIN-MISSING"
STILL_THERE = ("dm:209", {}, 200, None)


def denied(status, minute=50, kind=2):
    return ("security:4625", {"Status": status, "SubStatus": "0x0", "LogonType": kind}, minute, None)


def refused(*minutes):
    return [("aad:1081", WRONG, minute, None) for minute in minutes]


@pytest.mark.parametrize(("restart", "found"), [(39, 0), (40, 1), (55, 1), (55.1, 0)])
def test_a_restart_within_a_quarter_of_an_hour_is_device_setup_s_own(proofs, restart, found):
    assert proofs(AGAIN, **signing_in_again(STILL_THERE, restart=restart)).height == found


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([], 1),
        ([("winlogon:7001", {"UserSid": "S-1-12-1-1"}, 60, None)], 0),
        ([("winlogon:7001", {"UserSid": "S-1-12-1-1"}, 5, None)], 1),
    ],
)
def test_a_sign_in_since_device_setup_ends_the_wait(proofs, events, found):
    assert proofs(AGAIN, **signing_in_again(*events, STILL_THERE)).height == found


@pytest.mark.parametrize(
    ("coverage", "found"), [([], 0), ([("events_system", "absent")], 0), ([("events_system", "partial")], 1)]
)
def test_without_the_system_log_nobody_can_say_that_there_was_no_sign_in(proofs, coverage, found):
    assert proofs(AGAIN, **signing_in_again(STILL_THERE, coverage=coverage)).height == found


@pytest.mark.parametrize(
    ("scenario", "found"), [("user_driven", 1), ("self_deploying", 0), ("pre_provisioning_technician", 0)]
)
def test_nobody_is_due_where_the_scenario_signs_nobody_in(proofs, scenario, found):
    attempts = [("unknown", None, scenario, 0, 40, None)]
    assert proofs(AGAIN, **signing_in_again(STILL_THERE, attempts=attempts)).height == found


def test_account_setup_that_began_needs_no_sign_in_any_more(proofs):
    given = signing_in_again(STILL_THERE)
    given["runs"] = [*given["runs"], (1, "account_setup", "unfinished", 50, None, None, None)]
    assert proofs(AGAIN, **given).is_empty()


def test_an_earlier_attempt_waits_for_nobody(proofs):
    given = signing_in_again(STILL_THERE)
    given["attempts"] = [*given["attempts"], ("failed", "mdm_enrollment", "user_driven", 100, 110, None)]
    assert proofs(AGAIN, **given).is_empty()


def test_without_a_policy_that_asked_nobody_is_to_blame_for_a_restart(proofs):
    assert proofs(AGAIN, **signing_in_again(STILL_THERE, marks=())).is_empty()


def test_a_policy_s_restart_between_the_phases_is_named_also_where_all_went_well(proofs):
    given = signing_in_again(attempts=[("succeeded", None, "user_driven", 0, 90, None)])
    given["runs"] = [*given["runs"], (1, "account_setup", "succeeded", 50, 60, None, None)]
    rows = proofs("ESP-REBOOT", **given)
    assert rows.select("item", "severity").rows() == [("A/B", "info")]


PREPARED = (1, "device_preparation", "succeeded", 2, 8, None, None)


@pytest.mark.parametrize(
    ("wish", "order", "found"),
    [
        (5, None, 1),
        (5, "CloudExperienceHostBroker.exe", 1),
        (5, "setup.exe", 0),
        (20, "setup.exe", 1),
        (1, None, 0),
    ],
)
def test_a_policy_that_asked_earlier_on_the_page_has_its_restart_unless_a_program_ordered_it(
    proofs, wish, order, found
):
    orders = [("user32:1074", {"param1": rf"C:\Example\{order}"}, 44, None)] if order else []
    marks = [("reboot_required_by_policy", None, wish, None, "./Vendor/MSFT/Policy/Config/A/B")]
    given = signing_in_again(*orders, marks=marks)
    given["runs"] = [PREPARED, *given["runs"]]
    assert proofs("ESP-REBOOT", **given)["item"].to_list() == ["A/B"] * found


def test_an_order_long_before_the_restart_is_of_another(proofs):
    order = ("user32:1074", {"param1": r"C:\Example\setup.exe"}, 39, None)
    given = signing_in_again(order, marks=[("reboot_required_by_policy", None, 5, None, "./Vendor/MSFT/A/B")])
    given["runs"] = [PREPARED, *given["runs"]]
    assert proofs("ESP-REBOOT", **given).height == 1


def test_an_error_says_after_which_policy_s_restart_it_came(proofs):
    rows = proofs("SIGN-IN-AGAIN-FAILED", **signing_in_again(*refused(50, 52)))
    assert set(rows["item"]) == {"AADSTS50126, after a restart for A/B"}
    assert rows["member"].to_list() == ["marks.evtx", "export.evtx", "export.evtx"]


def test_a_restart_that_no_policy_asked_for_is_not_laid_to_one(proofs):
    rows = proofs("SIGN-IN-AGAIN-FAILED", **signing_in_again(*refused(50, 52), marks=()))
    assert set(rows["item"]) == {"AADSTS50126"}


@pytest.mark.parametrize(
    ("event", "error", "found"),
    [
        ("aad:1088", "AADSTS50126", True),
        ("aad:1081", "AADSTS130501", True),
        ("aad:1098", "AADSTS50126", False),
        ("aad:1081", "AADSTS50058", False),
        ("aad:1081", "no number", False),
    ],
)
def test_a_token_that_programs_ask_for_is_no_sign_in_of_a_person(proofs, event, error, found):
    tried = [(event, {"ErrorDescription": f"{error}: text"}, minute, None) for minute in (50, 55)]
    assert (proofs("SIGN-IN-AGAIN-FAILED", **signing_in_again(*tried)).height > 0) == found


def test_errors_before_the_restart_are_of_the_first_sign_in(proofs):
    assert proofs("SIGN-IN-AGAIN-FAILED", **signing_in_again(*refused(5, 41, 50))).is_empty()


@pytest.mark.parametrize(
    ("policy", "status", "rule"),
    [
        (("UserRights", "AllowLocalLogOn", "*S-1-5-32-544"), "0xc000015b", "SIGN-IN-LOCALLY-NOT-ALLOWED"),
        (("UserRights", "AllowLocalLogOn", "*S-1-5-32-545"), "0xc000015b", "SIGN-IN-REFUSED-BY-WINDOWS"),
        (("UserRights", "AllowLocalLogOn", "Administrators"), "0xc000015b", "SIGN-IN-LOCALLY-NOT-ALLOWED"),
        (("UserRights", "AllowLocalLogOn", "Users"), "0xc000015b", "SIGN-IN-REFUSED-BY-WINDOWS"),
        (("UserRights", "DenyLocalLogOn", "*S-1-5-32-545"), "0xc000015b", "SIGN-IN-LOCALLY-DENIED"),
        (("DeviceLock", "DevicePasswordExpiration", "30"), "0xc0000071", "SIGN-IN-PASSWORD-CHANGE"),
        (("DeviceLock", "MinDevicePasswordLength", "12"), "0xc0000224", "SIGN-IN-PASSWORD-CHANGE"),
        (("DeviceLock", "AccountLockoutPolicy", "x"), "0xc0000234", "SIGN-IN-LOCKED-OUT"),
        (
            ("LocalPoliciesSecurityOptions", "Accounts_EnableAdministratorAccountStatus", "0"),
            "0xc0000072",
            "SIGN-IN-ACCOUNT-DISABLED",
        ),
        (("DeviceLock", "MinDevicePasswordLength", "12"), "0xc000006d", None),
    ],
)
def test_a_policy_explains_the_refusal_that_it_brings_and_no_other(proofs, policy, status, rule):
    area, name, value = policy
    rows = proofs(
        "SIGN-IN-DENIED", **signing_in_again(denied(status), registry=[(rf"{POLICIES}\{area}", name, value)])
    )
    assert set(rows["rule"]) == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("value", "rule"), [("1", "SIGN-IN-SMART-CARD-REQUIRED"), ("0", "SIGN-IN-REFUSED-BY-WINDOWS")]
)
def test_a_smart_card_is_required_where_the_policy_says_so(proofs, value, rule):
    given = signing_in_again(denied("0xc00002fa"), registry=[(SYSTEM, "scforceoption", value)])
    assert set(proofs("SIGN-IN-DENIED", **given)["rule"]) == {rule}


def test_a_policy_that_is_seen_in_its_event_alone_counts_as_well(proofs):
    fields = {"Message1": "AllowLocalLogOn", "Message2": "UserRights", "Message5": "*S-1-5-32-544"}
    rows = proofs("SIGN-IN-DENIED", **signing_in_again(("dm:814", fields, 20, None), denied("0xc000015b")))
    assert set(rows["rule"]) == {"SIGN-IN-LOCALLY-NOT-ALLOWED"}


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (denied("0xc000015b"), 1),
        (denied("0xc000015b", kind=11), 1),
        (denied("0xc000015b", kind=3), 0),
        (denied("0xc000015b", kind=5), 0),
        (denied("0xc000015b", minute=39), 0),
        (denied("0xc0000064"), 0),
    ],
)
def test_only_a_person_refused_at_the_device_after_device_setup_counts(proofs, event, found):
    assert proofs("SIGN-IN-DENIED", **signing_in_again(event)).height == found


def test_every_status_has_a_form_in_which_it_is_looked_for():
    assert read_facts("sign_in_policies")["status"].str.contains("^0xC0000[0-9A-F]{3}$").all()


@pytest.mark.parametrize(("boot", "found"), [(25, 1), (3000, 0)])
def test_a_restart_inside_a_phase_whose_end_was_not_seen_is_told(proofs, boot, found):
    given = signing_in_again(restart=boot, attempts=[("unfinished", None, "user_driven", 0, None, None)])
    given["runs"] = [(1, "device_setup", "unfinished", 10, None, None, None)]
    rows = proofs("ESP-REBOOT", **given)
    assert rows.select("item", "severity").rows() == [("A/B", "warning")] * found
