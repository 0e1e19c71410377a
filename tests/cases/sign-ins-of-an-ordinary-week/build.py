"""Entra's sign-in log of a week: wrong passwords and second factors, and a block that is not of enrolment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.outside_mail import sheet

COLUMNS = [
    "Date (UTC)",
    "Username",
    "Application",
    "Status",
    "Sign-in error code",
    "Failure reason",
    "Latency",
]
ORDINARY = {3: "50126", 5: "50074", 7: "50140", 11: "50058"}


def build(folder: Path) -> Path:
    rows = []
    for number in range(160):
        at = datetime(2026, 9, 7, 7, tzinfo=UTC) + timedelta(hours=number)
        app = ("Microsoft Intune Enrollment", "Office 365 Exchange Online")[number % 2]
        code = "53003" if app.startswith("Office") and number % 6 == 1 else ORDINARY.get(number % 13, "None")
        status = "Success" if code == "None" else "Failure" if code in ("53003", "50126") else "Interrupted"
        rows.append([f"{at:%Y-%m-%dT%H:%M:%SZ}", f"u{number % 40:03}@example.com", app, status, code, "x" * 50,
                     str(200 + number)])  # fmt: skip
    return sheet(folder, "InteractiveSignIns_2026-09-07_2026-09-14.csv", COLUMNS, rows)
