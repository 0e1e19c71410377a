"""The detail report of device preparation: one app failed on a third of the devices, all else is installed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import sheet

COLUMNS = [
    "DeviceId",
    "ApplicationId",
    "ApplicationName",
    "AppType",
    "IsAdminSelected",
    "PolicyInstallStatus",
]
APPS = (
    ("Archive Tool", "Win32"),
    ("Label Designer", "Win32"),
    ("Company Portal", "WinGet"),
    ("Contoso Reader", "LOB"),
)


def build(folder: Path) -> Path:
    m = Machine("preparation-report-names-an-app", at(2026, 5, 6, 7, 0))
    rows = []
    for n in range(21):
        for name, kind in APPS:
            bad = name == "Label Designer" and n % 3 == 1
            state = "Failed" if bad else "Installed"
            rows.append([m.id(f"device {n}"), m.id(name), name, kind, "True", state])
    return sheet(folder, "AutopilotV2DeploymentStatusDetailedAppInfo_2026-05-07.csv", COLUMNS, rows)
