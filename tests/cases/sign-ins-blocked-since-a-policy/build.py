"""Entra's sign-in log of four weeks and its audit log: enrolment is blocked since a policy was changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.outside_mail import sheet

COLUMNS = ["Date (UTC)", "Request ID", "User agent", "User", "Username", "Application", "IP address", "Location",
           "Status", "Sign-in error code", "Failure reason", "Client app", "Operating System", "Latency",
           "Conditional Access"]  # fmt: skip
AUDITS = ["Date (UTC)", "CorrelationId", "Service", "Category", "Activity", "Result", "ActorUserPrincipalName",
          "Target1Type", "Target1DisplayName"]  # fmt: skip
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Edge/18.26100"
START, CHANGED = datetime(2026, 9, 7, 7, tzinfo=UTC), datetime(2026, 9, 23, 8, 40, tzinfo=UTC)
BLOCKED = "Access has been blocked by Conditional Access policies."


def build(folder: Path) -> Path:
    out = folder / "entra"
    out.mkdir()
    rows = []
    for number in range(280):
        at = START + timedelta(hours=number * 24 / 10)
        app = ("Microsoft Intune Enrollment", "Office 365 Exchange Online")[number % 2]
        refused = app.startswith("Microsoft") and at > CHANGED and number % 10
        code, why, status = ("53003", BLOCKED, "Failure") if refused else ("None", "Other.", "Success")
        if number % 17 == 3 and not refused:
            code, why, status = "50126", "Invalid username or password.", "Failure"
        rows.append([f"{at:%Y-%m-%dT%H:%M:%SZ}", f"r{number}", AGENT, "User", f"u{number:03}@example.com", app,
                     "203.0.113.7", "Oslo, NO", status, code, why, "Browser", "Windows10", str(200 + number),
                     "Failure" if refused else "Success"])  # fmt: skip
    sheet(out, "InteractiveSignIns_2026-09-07_2026-10-05.csv", COLUMNS, rows)
    changes = [
        (
            START + timedelta(days=day, hours=9),
            "Core Directory",
            "Device",
            "Update device",
            "Device",
            f"PC-{day}",
        )
        for day in range(28)
    ]
    changes.append((CHANGED, "Conditional Access", "Policy", "Update conditional access policy", "Policy",
                    "CA07 Compliant device"))  # fmt: skip
    sheet(out, "AuditLogs_2026-09-07_2026-10-05.csv", AUDITS, [
        [f"{at:%Y-%m-%dT%H:%M:%SZ}", "c", service, category, activity, "success", "admin@example.com", kind, name]
        for at, service, category, activity, kind, name in sorted(changes)
    ])  # fmt: skip
    return out
