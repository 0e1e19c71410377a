"""The install status of one app as CSV: the new version fails on all new devices, the old one is installed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
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
    m = Machine("new-version-of-a-store-program-fails", at(2025, 9, 1, 7, 0))
    rows = []
    for n in range(44):
        new = n >= 26
        bad = (new and n != 35) or n == 8
        rows.append(
            [
                "2" if bad else "1",
                "Failed" if bad else "Installed",
                "0",
                "Fatal error during installation" if bad else "",
                m.id("Update Helper"),
                "2.8.0" if new else "2.7.1",
                "0",
                m.id(f"device {n}"),
                f"WS-{8100 + n * 3}",
                "-2147023293" if bad else "0",
                "0x80070643" if bad else "0x00000000",
                "2" if bad else "1",
                "0",
                f"{m.clock(n * 0.45 * DAY):%Y-%m-%d %H:%M:%S}.0000000",
                "Windows 10.0.26100.6584",
                m.id(f"user {n}"),
                f"User {n}",
                f"user{n}@contoso.com",
            ]
        )
    return sheet(folder, "DeviceInstallStatusByApp_2025-09-22.csv", COLUMNS, rows)
