"""The run states of one platform script: its new version fails nearly everywhere."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_mail import sheet

COLUMNS = [
    "PolicyId",
    "DeviceId",
    "DeviceName",
    "OSVersion",
    "PolicyVersion",
    "RunState",
    "PolicyResultState",
    "PolicyResultDetail",
    "ErrorCode",
    "ErrorDescription",
    "ModifiedTime",
    "UserId",
    "UserName",
    "UserEmail",
    "UPN",
]
ERROR = "Invoke-WebRequest : The remote server returned an error: (404) Not Found."


def build(folder: Path) -> Path:
    m = Machine("script-report-since-its-new-version", at(2026, 4, 1, 6, 0))
    rows = []
    for n in range(40):
        new = n >= 24
        bad = (new and n != 30) or n == 5
        person = f"user{n}@contoso.com"
        rows.append(
            [
                m.id("Set printers"),
                m.id(f"device {n}"),
                f"WS-{9100 + n * 3}",
                "10.0.26100.7840",
                "4" if new else "3",
                "Failed" if bad else "Success",
                "Failed" if bad else "Success",
                ERROR if bad else "",
                "0",
                ERROR if bad else "",
                f"{m.clock(n * 0.4 * DAY):%Y-%m-%d %H:%M:%S}.0000000",
                m.id(f"user {n}"),
                f"User {n}",
                person,
                person,
            ]
        )
    return sheet(folder, "DeviceRunStatesByScript_2026-04-17.csv", COLUMNS, rows)
