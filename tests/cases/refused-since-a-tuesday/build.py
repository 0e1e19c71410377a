"""The list of enrolment failures of a month: since one day restrictions turn away one version of Windows."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_mail import sheet

COLUMNS = [
    "EnrollmentFailureDateTime",
    "EnrollmentMethod",
    "FailureGuid",
    "FailureReason",
    "OS",
    "OSVersion",
    "UPN",
    "UserId",
]
EARLY = ("User not licensed", "User abandonment", "Device cap reached", "Authentication failed")


def build(folder: Path) -> Path:
    m = Machine("refused-since-a-tuesday", at(2026, 2, 23, 7, 0))
    days = [(n * 2.2 * DAY, EARLY[n % 4], "10.0.26100.7840") for n in range(12)]
    days += [
        (15 * DAY + n * 0.32 * DAY, "Enrollment restrictions not met", "10.0.22631.6649") for n in range(34)
    ]
    rows = [
        [
            f"{m.clock(t + (n * 37) % 50):%Y-%m-%d %H:%M:%S}",
            "Auto enrollment",
            m.id(f"failure {n}"),
            reason,
            "Windows",
            version,
            f"user{n}@contoso.com",
            m.id(f"user {n}"),
        ]
        for n, (t, reason, version) in enumerate(sorted(days))
    ]
    return sheet(folder, "DeviceEnrollmentFailures_2026-03-21.csv", COLUMNS, rows)
