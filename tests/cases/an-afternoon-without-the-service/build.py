"""A report of five days: on one afternoon each deployment fails, whatever it was."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_mail import sheet
from cases.outside_seven import DEPLOYMENT, deployment

PROFILES = ("Staff laptops", "Sales laptops", "Workshop PCs")
VERSIONS = ("10.0.26100.7623", "10.0.26200.7623")


def build(folder: Path) -> Path:
    m = Machine("an-afternoon-without-the-service", at(2026, 3, 9, 6, 30))
    rows = []
    for n in range(90):
        day, place = divmod(n, 18)
        ill = day == 2 and place >= 9
        rows.append(
            deployment(
                m,
                n,
                day * DAY + place * 36 + (n * 7) % 11,
                bad=ill or n in (14, 71),
                profile=PROFILES[(n * 5) % 3],
                version=VERSIONS[(n // 3) % 2],
            )
        )
    return sheet(folder, "AutopilotV1DeploymentStatus_2026-03-14.csv", DEPLOYMENT, rows)
