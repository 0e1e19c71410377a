"""Reports on policies and on Windows updates: by device, by setting, as counts."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.report_csv import read_report_csv
from autopilot_analysis.tables import ItemCount, ItemStatus


def table(header, *rows):
    return "".join(",".join(map(str, row)) + "\n" for row in (header, *rows)).encode()


STATUSES = ("IntuneDeviceId", "DeviceName", "PolicyName", "PolicyId", "PolicyStatus", "UPN")


@pytest.mark.parametrize(
    ("written", "state"), [("Conflict", "Conflict"), ("6", "conflict"), ("4", "nonCompliant"), ("", None)]
)
def test_the_state_of_a_policy_is_read_as_a_word_or_as_graph_numbers_it(written, state):
    content = table(STATUSES, ("d-1", "PC-1", "Disk", "p-1", written, "u@example.com"))
    read = read_report_csv(content).rows["item_statuses"]
    ItemStatus.validate(read)
    assert read.select("device", "name", "item", "state").row(0) == ("d-1", "Disk", "p-1", state)


@pytest.mark.parametrize(
    ("headers", "described"),
    [
        ((*STATUSES, "Manufacturer", "Model"), ("Contoso", "Slate 4", None)),
        (
            ("DeviceId", "SettingName", "SettingId", "SettingStatus", "UPN", "OS", "Model"),
            (None, "Slate 4", None),
        ),
        (("DeviceId", "PolicyId", "RunState", "ErrorCode", "UPN", "OSVersion"), (None, None, "26100.4061")),
    ],
)
def test_what_a_report_itself_says_of_its_devices_is_read(headers, described):
    cells = {"Manufacturer": "Contoso", "Model": "Slate 4", "OSVersion": "10.0.26100.4061", "OS": "Windows"}
    read = read_report_csv(table(headers, [cells.get(name, "2") for name in headers])).rows["item_statuses"]
    assert read.select("manufacturer", "model", "build").row(0) == described


def test_a_column_that_one_report_alone_has_decides_though_another_knows_as_many():
    columns = ("IntuneDeviceId", "DeviceName", "UPN", "SerialNumber", "OSVersion", "PolicyStatus")
    schema = [{"Column": name} for name in columns]
    page = {"Schema": schema, "Values": [["d-1", "PC-1", "u@example.com", "SN", "10.0", "conflict"]]}
    read = read_graph_json(json.dumps(page).encode())
    assert read.rows["item_statuses"]["state"].to_list() == ["conflict"]


@pytest.mark.parametrize("headers", [
    ("Device name", "Logged in user", "Check-in status"),
    ("Gerätename", "Angemeldeter Benutzer", "Eincheckstatus"),
])  # fmt: skip
def test_the_list_of_the_portal_is_read(headers):
    read = read_report_csv(table(headers, ("PC-1", "u@example.com", "Konflikt"))).rows["item_statuses"]
    assert read.select("device", "state").row(0) == ("PC-1", "Konflikt")


def test_settings_at_odds_stand_with_the_policies_that_set_them():
    settings = [
        {
            "settingName": "Encrypt",
            "state": "conflict",
            "sources": [{"displayName": "A"}, {"displayName": "B"}],
        },
        {"setting": "Lock", "state": "compliant"},
    ]
    rows = [
        {"id": "p", "displayName": "Disk", "version": 1, "state": "conflict", "settingCount": 2,
         "settingStates": settings},
        {"id": "q", "displayName": "Edge", "version": 1, "state": "compliant", "settingCount": 0,
         "settingStates": []},
    ]  # fmt: skip
    read = read_graph_json(json.dumps({"value": rows}).encode()).rows["item_statuses"]
    assert read.select("name", "state", "detail").rows() == [
        ("Disk", "conflict", "Encrypt: conflict (set by A and by B)"), ("Edge", "compliant", None),
    ]  # fmt: skip


def test_an_update_keeps_its_state_and_its_alert_and_not_the_build_that_follows_from_it():
    header = ("PolicyId", "PolicyName", "DeviceId", "AggregateState", "LatestAlertMessage", "Build")
    row = ("p", "Ring", "d-1", "OnHold", "SafeguardHold", "10.0.22631.5039")
    read = read_report_csv(table(header, row)).rows["item_statuses"]
    assert read.select("device", "name", "state", "detail", "build").row(0) == (
        "d-1", "Ring", "OnHold", "SafeguardHold", None,
    )  # fmt: skip


def test_words_stand_in_place_of_a_number_that_nobody_knows():
    header = ("PolicyId", "DeviceId", "AggregateState", "AggregateState_loc", "LatestAlertMessage",
              "LatestAlertMessage_loc")  # fmt: skip
    rows = ("p", "d-1", "4", "Error", "12", "Disk full"), ("p", "d-2", "Success", "Erfolg", "0", "")
    read = read_report_csv(table(header, *rows)).rows["item_statuses"]
    assert read.select("state", "detail").rows() == [("Error", "Disk full"), ("Success", "0")]


def test_each_row_of_a_report_of_failures_is_one():
    header = ("PolicyId", "DeviceId", "DeviceName", "AlertMessage", "Win32ErrorCode")
    read = read_report_csv(table(header, ("p", "d-1", "PC-1", "DiskFull", "0x80070070"))).rows[
        "item_statuses"
    ]
    assert read.select("state", "code").row(0) == ("error", "0x80070070")


@pytest.mark.parametrize(
    ("header", "row", "counted"),
    [
        (("PolicyName", "NumberOfCompliantDevices", "NumberOfErrorDevices", "NumberOfConflictDevices"),
         ("Disk", 180, 2, 58), (180, 2, 58)),
        (("PolicyName", "PolicyId", "CountDevicesSuccessStatus", "CountDevicesErrorStatus"),
         ("Ring", "p", 90, 7), (90, 7, None)),
        (("PolicyId", "PolicyName", "FeatureUpdateVersion", "NumberOfDevicesWithErrors"),
         ("p", "Ring", "24H2", 3), (None, 3, None)),
    ],
)  # fmt: skip
def test_counts_of_policies_and_updates_tell_conflicts_apart(header, row, counted):
    read = read_report_csv(table(header, row)).rows["item_counts"]
    ItemCount.validate(read)
    assert read.select("installed", "failed", "conflict").row(0) == counted


def test_a_list_of_compliance_stays_a_list_of_devices():
    header = ("DeviceId", "IntuneDeviceId", "AadDeviceId", "DeviceName", "DeviceType", "OSDescription",
              "OSVersion", "OwnerType", "LastContact", "InGracePeriodUntil", "SerialNumber",
              "ManagementAgents",
              "PrimaryUser", "UserId", "UPN", "RetireAfterDatetime", "ComplianceState", "OS")  # fmt: skip
    row = ("d", "d", "a", "PC-1", 1, "Windows", "10.0", 1, "2026-05-01", "", "SN", 1, "u", "u",
           "u@example.com", "9999-12-31", "Noncompliant", "Windows")  # fmt: skip
    read = read_report_csv(table(header, row))
    assert read.rows["identities"]["compliance_state"].to_list() == ["Noncompliant"]
    assert read.unread == ()
