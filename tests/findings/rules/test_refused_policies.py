"""A policy that the device refused is named with its value; some user rights must hold certain accounts."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.readers.event_log.lists.event_message import fields_of

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
RIGHTS = "./Device/Vendor/MSFT/Policy/Config/UserRights/"
SYSTEM_TIME = "ChangeSystemTime must hold Local Service (*S-1-5-19)"
NOT_SUPPORTED, NOT_FOUND = "0x80070032", "0x80070002"


def record(number, event_id, level, fields):
    data = "".join(f'<Data Name="{name}">{value}</Data>' for name, value in fields.items())
    return (
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
        f'<Provider Name="{DM}"/><EventID>{event_id}</EventID><Level>{level}</Level>'
        f'<TimeCreated SystemTime="2026-05-11T08:{number:02}:00Z"/><EventRecordID>{number}</EventRecordID>'
        f"<Channel>{DM}/Admin</Channel><Computer>PC-0042</Computer>"
        f"</System><EventData>{data}</EventData></Event>"
    )


def refused(uri, code=NOT_SUPPORTED):
    return (404, 2, {"Message3": "Policy", "InternalCmdType": 2, "Message5": uri, "HexInt1": code})


def set_to(value, name="ChangeTimeZone", code=NOT_SUPPORTED, area="UserRights"):
    own = {"Message1": name, "Message2": area, "Message4": "Device", "Message5": value}
    return (810, 2, {**own, "HexInt4": code}) if code else (814, 4, own)


def found(folder, *given):
    """Rule, item and severity of what is found about refused policies in a saved list of events."""
    records = "".join(record(n, *one) for n, one in enumerate(given, 1))
    path = folder / "Admin.xml"
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?><Events>{records}</Events>')
    with open_export(path) as export:
        tables = read_tables(export)
    findings = find(tables, build_trace(tables)).findings
    return findings.select("rule", "item", "severity").rows()


@pytest.mark.parametrize(
    ("given", "item"),
    [
        (
            [refused(f"{RIGHTS}ChangeTimeZone"), set_to("*S-1-5-4")],
            "UserRights/ChangeTimeZone with the value *S-1-5-4 leaves out Local Service (*S-1-5-19)",
        ),
        ([refused(f"{RIGHTS}ChangeSystemTime")], f"UserRights/{SYSTEM_TIME}"),
        (
            [set_to("*S-1-5-32-544\uf000*S-1-5-19", "GenerateSecurityAudits")],
            "UserRights/GenerateSecurityAudits with the value *S-1-5-32-544; *S-1-5-19 "
            "leaves out Network Service (*S-1-5-20)",
        ),
    ],
)  # fmt: skip
def test_a_user_right_without_an_account_that_must_hold_it_is_named_with_both(tmp_path, given, item):
    assert found(tmp_path, *given) == [("USER-RIGHT-REFUSED", item, "warning")]


@pytest.mark.parametrize(
    ("given", "item"),
    [
        ([set_to("*S-1-5-19\uf000*S-1-5-4")], "UserRights/ChangeTimeZone = *S-1-5-19; *S-1-5-4"),
        ([set_to("LOKALER DIENST")], "UserRights/ChangeTimeZone = LOKALER DIENST"),
        ([set_to("*S-1-5-4", code=NOT_FOUND)], "UserRights/ChangeTimeZone = *S-1-5-4"),
        ([set_to("*S-1-5-4", "DenyLocalLogOn")], "UserRights/DenyLocalLogOn = *S-1-5-4"),
        ([set_to("7", "AllowX", NOT_SUPPORTED, "System")], "System/AllowX = 7"),
    ],
)
def test_any_other_refused_policy_is_named_with_its_value(tmp_path, given, item):
    assert found(tmp_path, *given) == [("POLICY-REFUSED", item, "warning")]


@pytest.mark.parametrize(
    "given",
    [
        [set_to("*S-1-5-4"), set_to("*S-1-5-19", code=None)],
        [refused("./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall/A/Properties/B/C", NOT_FOUND)],
        [refused("./Vendor/MSFT/DeviceLock/Provider/MaxDevicePasswordFailedAttempts")],
        [(404, 2, {"InternalCmdType": 6, "Message5": f"{RIGHTS}ChangeTimeZone", "HexInt1": NOT_SUPPORTED})],
    ],
)  # fmt: skip
def test_what_was_taken_later_is_no_policy_or_only_asks_is_not_told(tmp_path, given):
    assert [one for one in found(tmp_path, *given) if "REFUSED" in one[0]] == []


def test_beside_a_deployment_a_refused_policy_is_no_loud_finding(tmp_path):
    began, enrolled = (58, 4, {}), (72, 4, {})
    rows = found(tmp_path, began, enrolled, set_to("7", "AllowX", NOT_SUPPORTED, "System"))
    assert ("POLICY-REFUSED", "System/AllowX = 7", "info") in rows


def test_the_message_of_a_refusal_names_policy_area_and_value():
    message = (
        "MDM PolicyManager: Set policy string, Policy: (ChangeTimeZone), Area: (UserRights), EnrollmentID "
        "requesting set: (X), Current User: (Device), String: (*S-1-5-4), Enrollment Type: (0x6), Scope: "
        "(0x0), Result:(0x80070032) The request is not supported.."
    )
    fields = json.loads(fields_of(DM, 810, message))
    names = ("Message1", "Message2", "Message4", "Message5", "HRESULT")
    assert [fields[name] for name in names] == [
        "ChangeTimeZone", "UserRights", "Device", "*S-1-5-4", "0x80070032"
    ]  # fmt: skip
