"""A page of Graph's troubleshootingEvents: eleven of twelve enrolments of a morning are refused for one reason."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page


def build(folder: Path) -> Path:
    m = Machine(
        "troubleshooting-events-of-a-monday", at(2026, 1, 12, 7, 30), name="WS-1111", serial="WS-1111-L"
    )
    rows = [
        {
            "@odata.type": "#microsoft.graph.enrollmentTroubleshootingEvent",
            "id": m.id(f"event {n}"),
            "eventDateTime": f"{m.clock(n * 11.0):%Y-%m-%dT%H:%M:%SZ}",
            "correlationId": m.id(f"correlation {n}"),
            "managedDeviceIdentifier": "",
            "operatingSystem": "Windows",
            "osVersion": "10.0.26100.6584",
            "userId": m.id(f"user {n}"),
            "deviceId": m.id(f"device {n}"),
            "enrollmentType": "windowsAutoEnrollment",
            "failureCategory": "userAbandonment" if n == 7 else "userValidation",
            "failureReason": "UserAbandonment" if n == 7 else "UserNotLicensed",
        }
        for n in range(12)
    ]
    return graph_page(
        folder, "troubleshootingEvents-2026-01-12.json", "deviceManagement/troubleshootingEvents", rows
    )
