"""A kiosk that signs in by itself does not beside password rules, a message, or AutoAdminLogon at 0."""

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import find

RULE = "KIOSK-SIGN-IN-BLOCKED"
LOGON = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
LOCK = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\PolicyManager\current\device\DeviceLock"
SYSTEM = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
KIOSK = (LOGON, "DefaultUserName", "kioskUser0")
OFF = (LOGON, "AutoAdminLogon", "0")
LENGTH = (LOCK, "MinDevicePasswordLength", "12")
MESSAGE = (SYSTEM, "legalnoticetext", "For staff only")


@pytest.mark.parametrize(
    ("settings", "item", "severity"),
    [
        ([OFF], "automatic sign-in switched off", "high"),
        ([LENGTH], "password rules", "warning"),
        ([MESSAGE], "a message at sign-in", "warning"),
        (
            [LENGTH, MESSAGE, OFF],
            "password rules, automatic sign-in switched off, a message at sign-in",
            "high",
        ),
        ([(LOCK, "DevicePasswordEnabled", "0")], "password rules", "warning"),
    ],
)
def test_a_setting_that_ends_the_automatic_sign_in_is_named(proofs, settings, item, severity):
    rows = proofs(RULE, registry=[KIOSK, *settings])
    assert set(rows.select("item", "severity").rows()) == {(item, severity)}
    assert rows.height == len(settings) + 1


@pytest.mark.parametrize(
    "values",
    [
        [(LOGON, "DefaultUserName", "erika"), LENGTH, MESSAGE, OFF],
        [LENGTH, MESSAGE, OFF],
        [KIOSK, (LOGON, "AutoAdminLogon", "1")],
        [KIOSK, LENGTH, (LOCK, "DevicePasswordEnabled", "1")],
        [KIOSK, (LOCK, "MaxInactivityTimeDeviceLock", "0")],
        [KIOSK, (SYSTEM, "legalnoticetext", "")],
    ],
    ids=["a person's", "nobody's", "switched on", "no password asked for", "no limit", "no message"],
)
def test_beside_no_kiosk_and_without_such_a_setting_nothing_is_said(proofs, values):
    assert proofs(RULE, registry=values).is_empty()


def test_what_a_kiosk_s_finding_says_is_not_said_again(world):
    tables, trace = world(registry=[KIOSK, LENGTH, MESSAGE, OFF])
    found = find(tables, trace)
    assert found.findings.select("rule", "role").rows() == [(RULE, "cause")]


def test_only_settings_that_hinder_a_sign_in_are_named():
    named = read_facts("policy_conflicts").drop_nulls("kiosk")
    assert set(named["harms_after"]) == {"restart"}
