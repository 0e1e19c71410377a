"""Settings that are known to disturb a deployment weigh where they were in force when it failed."""

import pytest

APPLOCKER = {"Message1": "./Vendor/MSFT/AppLocker/ApplicationLaunchRestrictions"}


@pytest.mark.parametrize(
    ("stage", "minute", "severity"),
    [("device_setup", 30, "warning"), ("entra_join", 30, "info"), ("device_setup", 90_000, "info")],
)
def test_a_policy_that_disturbs_the_page_weighs_where_the_page_failed_with_it(
    proofs, failure, stage, minute, severity
):
    rows = proofs("CONFLICTS", **failure(stage), events=[("dm:2800", APPLOCKER, minute, None)])
    assert set(rows["severity"]) == {severity}
    assert rows["rule"].str.starts_with("CONFLICT-").all()


@pytest.mark.parametrize(("timed_out", "severity"), [(True, "warning"), (False, "info")])
def test_what_only_makes_the_page_wait_harms_where_the_page_ran_out_of_time(
    proofs, failure, timed_out, severity
):
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\PolicyManager\current\device\LocalPoliciesSecurityOptions"
    value = (key, "UserAccountControl_DetectApplicationInstallationsAndPromptForElevation", "1")
    marks = [("esp_timed_out", "device_setup", 60, None, "")] if timed_out else []
    rows = proofs("CONFLICTS", **failure("device_setup"), registry=[value], marks=marks)
    told = [row["severity"] for row in rows.to_dicts() if row["rule"] == "CONFLICT-PC3"]
    assert told == [severity]


def test_without_any_such_setting_nothing_is_said(proofs, failure):
    assert proofs(
        "CONFLICTS", **failure("device_setup"), events=[("dm:2800", {"Message1": "./x"}, 30, None)]
    ).is_empty()


DEVICE_LOCK = r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\current\device\DeviceLock"


def test_one_value_of_the_registry_proves_one_conflict_and_one_record_each_policy_that_it_names(
    proofs, failure
):
    value = proofs(
        "CONFLICTS", **failure("device_setup"), registry=[(DEVICE_LOCK, "DevicePasswordEnabled", "0")]
    )
    assert value["rule"].to_list() == ["CONFLICT-PC2"]
    both = {"Message1": "./Vendor/MSFT/AppLocker/x; ./Vendor/MSFT/Policy/Config/DeviceGuard/y"}
    record = proofs("CONFLICTS", **failure("device_setup"), events=[("dm:2800", both, 30, None)])
    assert set(record["rule"]) == {"CONFLICT-PC1", "CONFLICT-PC4"}


DOMAIN = (
    r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\current\device\Authentication",
    "PreferredAadTenantDomainName",
    "example.com",
)


def left_after_a_restart(outcome="unfinished", *, boot=30, until=95, shown=(), screens=()):
    """A status page that a restart interrupts, and a device that lives on until a minute."""
    ended = None if outcome == "unfinished" else 60
    return {
        "registry": [DOMAIN],
        "attempts": [(outcome, None, "user_driven", 0, ended, None)],
        "runs": [(1, "device_setup", outcome, 10, ended, None, None)],
        "steps": [("boot", boot, None, "")],
        "events": [("dm:209", {}, until, None)],
        "marks": [("device_setup_step_began", "device_setup", minute, None, "") for minute in (11, *shown)],
        "screens": list(screens),
    }


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({}, "warning"),
        ({"until": 85}, "info"),
        ({"shown": (31,)}, "info"),
        ({"boot": 5}, "info"),
        ({"outcome": "succeeded"}, "info"),
    ],
)
def test_what_harms_a_restart_weighs_where_the_page_never_came_back_from_one(proofs, given, severity):
    rows = proofs("CONFLICTS", **left_after_a_restart(**given))
    assert rows.select("rule", "severity").rows() == [("CONFLICT-PC8", severity)]


def test_a_page_of_oobe_after_the_restart_is_the_page_come_back(proofs, at):
    given = left_after_a_restart(screens=[{"at": at(32)}])
    assert proofs("CONFLICTS", **given)["severity"].to_list() == ["info"]


LOGON = r"HKEY_LOCAL_MACHINE\software\microsoft\windows nt\currentversion\winlogon"
SYSTEM = r"HKEY_LOCAL_MACHINE\software\microsoft\windows\currentversion\policies\system"
IN_SETUP = (LOGON, "DefaultUserName", "defaultuser0")
PASSED = [("device_setup_completed", "device_setup", 60, None, "")]


@pytest.mark.parametrize(
    ("setting", "severity"),
    [
        ((SYSTEM, "scforceoption", "1"), "warning"),
        ((SYSTEM, "legalnoticetext", "For staff only"), "warning"),
        ((LOGON, "AutoAdminLogon", "0"), "warning"),
        (DOMAIN, "warning"),
        ((DEVICE_LOCK, "DevicePasswordEnabled", "0"), "info"),
    ],
)
def test_what_stops_the_automatic_sign_in_weighs_while_the_account_of_setup_signs_in(
    proofs, setting, severity
):
    assert proofs("CONFLICTS", registry=[setting, IN_SETUP])["severity"].to_list() == [severity]


@pytest.mark.parametrize(
    "given",
    [
        {"registry": []},
        {"registry": [(LOGON, "DefaultUserName", "anna")]},
        {"registry": [(LOGON, "DefaultUserName", "mydefaultuser0")]},
        {"registry": [(r"HKEY_LOCAL_MACHINE\software\elsewhere", "DefaultUserName", "defaultuser0")]},
        {"registry": [IN_SETUP], "marks": PASSED},
        {"registry": [IN_SETUP], "attempts": [("succeeded", None, "user_driven", 0, 60, None)]},
    ],
)
def test_after_setup_the_same_setting_is_worth_knowing_and_no_more(proofs, given):
    registry = [(SYSTEM, "scforceoption", "1"), *given["registry"]]
    assert set(proofs("CONFLICTS", **{**given, "registry": registry})["severity"]) == {"info"}
