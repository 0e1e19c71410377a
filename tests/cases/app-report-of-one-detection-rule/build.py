"""Intune's install status of one app as a CSV: a third of the devices has it installed and does not find it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import sheet

COLUMNS = [
    "AppInstallState",
    "AppInstallState_loc",
    "AppInstallStateDetails",
    "AppInstallStateDetails_loc",
    "ApplicationId",
    "AppVersion",
    "AssignmentFilterIdsExist",
    "DeviceId",
    "DeviceName",
    "ErrorCode",
    "HexErrorCode",
    "InstallState",
    "InstallStateDetail",
    "LastModifiedDateTime",
    "Platform",
    "UserId",
    "UserName",
    "UserPrincipalName",
]


def build(folder: Path) -> Path:
    m = Machine("app-report-of-one-detection-rule", at(2026, 5, 11, 7, 0))
    rows = []
    for n in range(24):
        bad = n % 3 == 1
        rows.append(
            [
                "2" if bad else "1",
                "Failed" if bad else "Installed",
                "0",
                "The application was not detected after installation completed successfully" if bad else "",
                m.id("Route Planner"),
                "7.2.0" if not bad else "",
                "0",
                m.id(f"device {n}"),
                f"WS-{7100 + n * 3}",
                "-2016345060" if bad else "0",
                "0x87D1041C" if bad else "0x00000000",
                "2" if bad else "1",
                "0",
                f"{m.clock(n * 95.0):%Y-%m-%d %H:%M:%S}.0000000",
                "Windows 10.0.26100.6584",
                m.id(f"user {n}"),
                f"User {n}",
                f"user{n}@contoso.com",
            ]
        )
    return sheet(folder, "DeviceInstallStatusByApp_2026-05-13.csv", COLUMNS, rows)
