"""A report: a whole day went wrong; one profile looks worse since half of its devices came that day."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_mail import sheet
from cases.outside_seven import DEPLOYMENT, deployment


def build(folder: Path) -> Path:
    m = Machine("one-bad-day-and-the-profile-that-came-that-day", at(2026, 1, 15, 7, 0))
    rows = []
    for n in range(72):
        ill = n < 16
        place = n if ill else (n - 16) // 2
        day = 19 if ill else place + (place >= 19)
        workshop = n % 2 == 0 if ill else n % 5 == 0
        bad = n not in (4, 9) if ill else n in (25, 58)
        start = day * DAY + (n * 37) % 400
        name = "Workshop laptops" if workshop else "Staff laptops"
        rows.append((start, deployment(m, n, start, bad=bad, profile=name, version="10.0.26100.7171")))
    rows.sort(key=lambda row: row[0])
    return sheet(folder, "AutopilotV1DeploymentStatus_2026-02-16.csv", DEPLOYMENT, [row for _, row in rows])
