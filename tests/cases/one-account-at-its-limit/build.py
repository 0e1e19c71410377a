"""A page of Graph's troubleshootingEvents: one technician's account is refused again and again."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page

OTHERS = {4: ("userValidation", "UserNotLicensed"), 9: ("userAbandonment", "UserAbandonment")}


def build(folder: Path) -> Path:
    m = Machine("one-account-at-its-limit", at(2026, 3, 23, 7, 10), name="WS-1526", serial="WS-1526-L")
    rows = []
    for n in range(15):
        category, reason = OTHERS.get(n, ("enrollmentRestrictionsEnforced", "DeviceCapReached"))
        rows.append(
            {
                "@odata.type": "#microsoft.graph.enrollmentTroubleshootingEvent",
                "id": m.id(f"event {n}"),
                "eventDateTime": f"{m.clock(n * 47.0):%Y-%m-%dT%H:%M:%SZ}",
                "correlationId": m.id(f"correlation {n}"),
                "managedDeviceIdentifier": "",
                "operatingSystem": "Windows",
                "osVersion": "10.0.26100.7840",
                "userId": m.id(f"user {n}" if n in OTHERS else "technician"),
                "deviceId": m.id(f"device {n}"),
                "enrollmentType": "windowsAzureADJoin",
                "failureCategory": category,
                "failureReason": reason,
            }
        )
    return graph_page(
        folder, "troubleshootingEvents-2026-03-23.json", "deviceManagement/troubleshootingEvents", rows
    )
