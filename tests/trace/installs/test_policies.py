"""Policies as the event log shows them: what was set, what failed, what asks for a restart."""

import pytest

from autopilot_analysis.readers.event_log.event_fields import DEVICE_MANAGEMENT
from autopilot_analysis.trace.installs.policies import (
    NOT_DONE,
    NOT_READ,
    NOTHING_TO_DELETE,
    no_fault,
    read_policies,
)

URI = "./Device/Vendor/MSFT/Policy/Config/Browser/AllowCookies"


def test_a_command_that_the_device_refused_failed_with_its_code(happened):
    fields = {"Message1": f'"{URI}"'.strip('"'), "HexInt1": "0x86000022"}
    (row,) = read_policies(happened(DEVICE_MANAGEMENT, (1, 404, fields))).iter_rows(named=True)
    assert (row["item"], row["kind"], row["phase"], row["outcome"]) == (URI, "policy", "device", "failed")
    assert (row["code"], row["reason"]) == ("0x86000022", "the device refused the command")


@pytest.mark.parametrize(
    ("command", "read"),
    [
        (6, True), ("0x6", True), ("Get", True), ("CmdType_GetValue", True), (4, False), (16, False),
        ("SetValue: from Replace", False), ("CmdType_Execute", False), (None, False),
    ],
)  # fmt: skip
def test_a_refused_question_is_told_from_a_refused_setting(happened, command, read):
    fields = {"Message5": URI, "HexInt1": "0x86000002", "InternalCmdType": command}
    (row,) = read_policies(happened(DEVICE_MANAGEMENT, (1, 404, fields))).iter_rows(named=True)
    assert (row["reason"] == NOT_READ) is read


@pytest.mark.parametrize(
    ("command", "code", "reason"),
    [
        ("Clear: first phase of Delete", "0x86000002", NOTHING_TO_DELETE),
        ("CmdType_Delete", "0x80070002", NOTHING_TO_DELETE),
        ("Delete", "0x80070005", NOT_DONE),
        ("SetValue: from Replace", "0x86000002", NOT_DONE),
        (4, "0x86000002", NOT_DONE),
        (None, "0x86000002", NOT_DONE),
    ],
)
def test_to_delete_what_is_not_there_leaves_nothing_missing(happened, command, code, reason):
    fields = {"Message5": URI, "HexInt1": code, "InternalCmdType": command}
    (row,) = read_policies(happened(DEVICE_MANAGEMENT, (1, 404, fields))).iter_rows(named=True)
    assert row["reason"] == reason
    assert (reason in no_fault()) is (reason == NOTHING_TO_DELETE)


PACKAGE = "./Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7BAAAAAAAA-2222-4333-8444-555555555555%7D"


@pytest.mark.parametrize(
    ("command", "node", "kind"),
    [("Get", "Status", "policy"), ("Get", "", "policy"), ("Exec", "DownloadInstall", "msi")],
)
def test_only_a_command_that_does_something_is_a_try_at_the_app_it_names(happened, command, node, kind):
    uri = f"{PACKAGE}/{node}"
    fields = {"Message5": uri, "HexInt1": "0x80070643", "InternalCmdType": command}
    (row,) = read_policies(happened(DEVICE_MANAGEMENT, (1, 404, fields))).iter_rows(named=True)
    app = "{aaaaaaaa-2222-4333-8444-555555555555}"
    assert (row["kind"], row["item"]) == (kind, app if kind == "msi" else uri)


@pytest.mark.parametrize(
    ("node", "code", "usual"),
    [
        ("ADMXInstall/Receiver/Properties/Policy/FakePolicy/Version", "0x80070002", True),
        ("admxinstall/Contoso/Properties/Preference/Reader/Version", "0x86000002", True),
        ("ADMXInstall/Receiver/Properties/Version", "0x82B00001", True),
        ("ADMXInstall/Receiver/Properties/Policy/FakePolicy/Version", "0x80070005", False),
        ("ADMXInstall/Contoso/Policy/ContosoAdmx", "0x80070002", False),
        ("Browser/Properties/Version", "0x80070002", False),
        ("WindowsLicensing/SMode/Status", "0x86000002", True),
    ],
)
def test_a_refusal_of_healthy_devices_is_a_usual_one(happened, node, code, usual):
    uri = f"./Device/Vendor/MSFT/Policy/ConfigOperations/{node}"
    fields = {"Message5": uri, "HexInt1": code, "InternalCmdType": 4}
    (row,) = read_policies(happened(DEVICE_MANAGEMENT, (1, 404, fields))).iter_rows(named=True)
    assert (row["reason"] in no_fault(), row["outcome"]) == (usual, "failed")
    assert ("S mode" in row["reason"]) is ("SMode" in node)


@pytest.mark.parametrize(
    ("node", "code", "usual"),
    [
        ("Update/FailedUpdates", "0x86000002", True),
        ("Update/LastSuccessfulScanTime", "0x80070002", True),
        ("WindowsAdvancedThreatProtection/Configuration/TelemetryReportingFrequency", "0x86000002", True),
        ("DeviceLock/Provider", "0x86000011", True),
        ("NodeCache/MS%20DM%20Server/CacheVersion", "0x86000002", True),
        ("BitLocker/Status/DeviceEncryptionStatus", "0x86000011", True),
        ("HealthAttestation/Status", "0x86000002", True),
        ("DMClient/Provider/MS%20DM%20Server/FirstSyncStatus/SkipDeviceStatusPage", "0x86000002", True),
        ("DMClient/Provider/MS DM Server/FirstSyncStatus/SkipUserStatusPage", "0x86000011", True),
        ("WindowsDefenderApplicationGuard/Settings/SaveFilesToHost", "0x80070032", True),
        ("DMClient/Provider/MS DM Server/FirstSyncStatus/SkipUserStatusPage", "0x80070005", False),
        ("DMClient/Provider/MS DM Server/FirstSyncStatus/ExpectedPolicies", "0x86000002", False),
        ("WindowsDefenderApplicationGuard/Settings/SaveFilesToHost", "0x80070005", False),
        ("Update/FailedUpdates", "0x80070005", False),
        ("Update/ApprovedUpdates", "0x86000002", False),
        ("WindowsAdvancedThreatProtection/Onboarding", "0x86000002", False),
        ("BitLocker/RequireDeviceEncryption", "0x86000011", False),
        ("Policy/Config/DeviceLock/MinDevicePasswordLength", "0x86000011", False),
        ("Policy/Config/Browser/AllowCookies", "0x82B00006", False),
    ],
)
@pytest.mark.parametrize("command", [None, "Get", "SetValue: from Replace"])
def test_a_node_that_only_tells_of_the_device_leaves_nothing_missing(happened, node, code, usual, command):
    fields = {"Message5": f"./Vendor/MSFT/{node}", "HexInt1": code, "InternalCmdType": command}
    (row,) = read_policies(happened(DEVICE_MANAGEMENT, (1, 404, fields))).iter_rows(named=True)
    assert (row["reason"] in no_fault()) is (usual or command == "Get")


@pytest.mark.parametrize(("level", "outcome"), [(2, "failed"), (4, "succeeded")])
def test_the_level_of_the_policy_manager_says_whether_a_value_was_set(happened, level, outcome):
    fields = {
        "Message1": "AllowCookies",
        "Message2": "Browser",
        "Message4": "Device",
        "HexInt1": "0x80070005",
    }
    (row,) = read_policies(happened(DEVICE_MANAGEMENT, (1, 814, fields, None, level))).iter_rows(named=True)
    assert (row["item"], row["name"], row["outcome"]) == (URI, "AllowCookies", outcome)
    assert row["code"] == ("0x80070005" if level == 2 else None)


def test_areas_that_windows_fills_itself_and_nameless_values_are_no_policies(happened):
    own = {"Message1": "AllowX", "Message2": "knobs", "Message4": "Device"}
    nameless = {"Message1": "", "Message2": "Browser", "Message4": "Device"}
    assert read_policies(happened(DEVICE_MANAGEMENT, (1, 814, own), (2, 814, nameless))).is_empty()


def test_each_setting_that_makes_the_device_restart_is_a_row_that_waits(happened):
    fields = {"Message1": f"{URI};./Vendor/MSFT/AppLocker/Launch"}
    rows = read_policies(happened(DEVICE_MANAGEMENT, (1, 2800, fields)))
    assert rows.select("item", "outcome", "reason").rows() == [
        (URI, "waiting", "asks for a reboot"),
        ("./Vendor/MSFT/AppLocker/Launch", "waiting", "asks for a reboot"),
    ]


def test_tries_at_one_setting_are_counted_and_other_providers_say_nothing(happened):
    fields = {"Message1": "AllowCookies", "Message2": "Browser", "Message4": "Device"}
    events = happened(DEVICE_MANAGEMENT.title(), (1, 814, fields, None, 2), (2, 814, fields, None, 4))
    assert read_policies(events)["try_number"].to_list() == [1, 2]
    assert read_policies(happened("Another", (1, 814, fields))).is_empty()
