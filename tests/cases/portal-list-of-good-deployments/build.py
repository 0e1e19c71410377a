"""The portal's list of device preparation deployments, all of them well."""

from __future__ import annotations

from pathlib import Path

from cases.outside_mail import sheet

COLUMNS = [
    "Device name",
    "Enrollment date",
    "Deployment status",
    "Phase",
    "Serial number",
    "Deployment time",
    "UPN",
]


def build(folder: Path) -> Path:
    rows = [
        [
            f"DESKTOP-7H{n:02}KQ",
            f"10/{5 + n}/2026, {8 + n}:1{n} AM",
            "Success",
            "Completed",
            f"PF{n}4X7RT",
            f"{14 + n} min",
            f"user{n}@contoso.com",
        ]
        for n in range(6)
    ]
    return sheet(folder, "DevicePreparationDeployments_2026-10-12.csv", COLUMNS, rows)
