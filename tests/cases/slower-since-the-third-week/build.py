"""A report in which nothing fails: since one day each deployment takes twice as long."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_mail import sheet
from cases.outside_seven import DEPLOYMENT, deployment


def build(folder: Path) -> Path:
    m = Machine("slower-since-the-third-week", at(2026, 4, 6, 6, 40))
    rows = []
    for n in range(70):
        start = (n // 3) * DAY + (n % 3) * 140
        row = deployment(m, n, start, bad=False, profile="Staff laptops", version="10.0.26100.8037")
        if n >= 45:
            _longer(m, row, start, 68 + (n * 7) % 21)
        rows.append(row)
    return sheet(folder, "AutopilotV1DeploymentStatus_2026-04-30.csv", DEPLOYMENT, rows)


def _longer(m: Machine, row: list[str], start: float, minutes: int) -> None:
    setup = minutes - 11
    row[DEPLOYMENT.index("DeploymentEndDateTime")] = f"{m.clock(start + minutes):%Y-%m-%d %H:%M:%S}"
    row[DEPLOYMENT.index("DeviceSetupDuration")] = f"{setup // 60:02}:{setup % 60:02}:20"
    row[DEPLOYMENT.index("DeploymentTotalDuration")] = f"{minutes // 60:02}:{minutes % 60:02}:08"
