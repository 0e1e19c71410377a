"""Managed devices of Graph and of Intune's list: compliance, encryption and management in one spelling."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.readers.service.fleet_rows import read_rows
from autopilot_analysis.readers.service.report_columns import recognise, rename

ASKED = ["name", "os", "compliance_state", "management_state", "encrypted", "retire_at"]


def identity(name, **cells):
    frame = pl.DataFrame({header: [value] for header, value in cells.items()})
    row = read_rows(rename(name, frame)).rows["identities"].select(ASKED).row(0)
    return (*row[:5], row[5] and row[5].isoformat())


@pytest.mark.parametrize(
    ("report", "cells", "row"),
    [
        ("managedDevices",
         {"deviceName": "PC-1", "managedDeviceName": "kim_Windows", "operatingSystem": "Windows",
          "complianceState": "noncompliant", "managementState": "managed", "isEncrypted": "false",
          "retireAfterDateTime": "0001-01-01T00:00:00Z"},
         ("PC-1", "Windows", "noncompliant", "managed", False, None)),
        ("managedDevices",
         {"managedDeviceName": "kim_Windows", "complianceState": "254",
          "retireAfterDateTime": "2026-08-01T10:00:00Z"},
         ("kim_Windows", None, "inGracePeriod", None, None, "2026-08-01T10:00:00+00:00")),
        ("Devices", {"DeviceName": "PC-2", "OS": "Windows", "CompliantState": "2", "DeviceState": "1",
                     "EncryptionStatusString": "True"},
         ("PC-2", "Windows", "noncompliant", "retirePending", True, None)),
        ("Devices", {"Device name": "PC-3", "Compliance": "Compliant", "Encrypted": "No"},
         ("PC-3", None, "Compliant", None, False, None)),
        ("deviceStatuses", {"deviceDisplayName": "PC-4", "status": "4"},
         ("PC-4", None, "nonCompliant", None, None, None)),
    ],
)  # fmt: skip
def test_states_of_a_managed_device_are_read(report, cells, row):
    assert identity(report, **cells) == row


def test_what_one_policy_came_to_is_told_by_its_names():
    names = ["id", "deviceDisplayName", "userName", "deviceModel", "platform", "status",
             "lastReportedDateTime", "userPrincipalName"]  # fmt: skip
    assert recognise(names) == "deviceStatuses"
    assert recognise(["id", "displayName", "status"]) is None
