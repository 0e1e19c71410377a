"""A report of device preparation over ten weeks: for seventeen days most runs fail, before and after hardly one does."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_mail import sheet

COLUMNS = [
    "DeviceId",
    "DeviceName",
    "SerialNumber",
    "UPN",
    "EnrollmentTimeInUtc",
    "DeploymentStatus",
    "Phase",
    "CurrentProvisioningPhase",
    "DeploymentDurationTimeInSeconds",
    "ResultCode",
]


def build(folder: Path) -> Path:
    m = Machine("two-bad-weeks-of-the-service", at(2025, 5, 19, 6, 0))
    rows = []
    for n in range(100):
        t = n * 0.7 * DAY + (n * 53) % 400
        ill = 33 <= t / DAY < 50
        bad = (ill and n % 4 != 1) or n in (11, 84)
        rows.append(
            [
                m.id(f"device {n}"),
                f"DESKTOP-{m.id(f'name {n}')[:7].upper()}",
                f"WS-{3000 + n * 17}-T",
                f"user{n}@contoso.com",
                f"{m.clock(t):%Y-%m-%d %H:%M:%S}",
                "Failed" if bad else "Success",
                "Device setup" if bad else "Completed",
                "AppInstallation" if bad else "Completed",
                str(3605 + n if bad else 900 + (n * 71) % 500),
                "-2147023436" if bad else "0",
            ]
        )
    return sheet(folder, "AutopilotV2DeploymentStatus_2025-07-28.csv", COLUMNS, rows)
