"""A report of sixty deployments: six failed, here and there."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import sheet
from cases.outside_seven import DEPLOYMENT, deployment

BAD = (4, 15, 23, 37, 44, 58)
PROFILES = ("Staff laptops", "Sales laptops", "Workshop laptops")
VERSIONS = ("10.0.26100.7171", "10.0.26200.7462")


def build(folder: Path) -> Path:
    m = Machine("sixty-deployments-and-no-pattern", at(2026, 1, 5, 7, 0))
    rows = [
        deployment(
            m,
            n,
            n * 410.0 + (n * 53) % 120,
            bad=n in BAD,
            profile=PROFILES[n % 3],
            version=VERSIONS[n % 2],
        )
        for n in range(60)
    ]
    return sheet(folder, "AutopilotV1DeploymentStatus_2026-01-23.csv", DEPLOYMENT, rows)
