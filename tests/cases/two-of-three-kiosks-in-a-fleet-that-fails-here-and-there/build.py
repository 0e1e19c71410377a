"""A report: two of three kiosks failed, in a fleet where one of six fails anyway."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import sheet
from cases.outside_seven import DEPLOYMENT, deployment

BAD = (2, 7, 13, 16, 22, 27, 33, 38, 41, 47, 52, 57)
KIOSKS = (13, 31, 47)
PROFILES = ("Staff laptops", "Sales laptops")
VERSIONS = ("10.0.26100.7171", "10.0.26100.7171", "10.0.26200.7462")


def build(folder: Path) -> Path:
    m = Machine("two-of-three-kiosks-in-a-fleet-that-fails-here-and-there", at(2026, 1, 12, 7, 0))
    rows = [
        deployment(
            m,
            n,
            n * 430.0 + (n * 53) % 120,
            bad=n in BAD,
            profile="Lobby kiosks" if n in KIOSKS else PROFILES[n % 2],
            version=VERSIONS[n % 3],
        )
        for n in range(60)
    ]
    return sheet(folder, "AutopilotV1DeploymentStatus_2026-01-31.csv", DEPLOYMENT, rows)
