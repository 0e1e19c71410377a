"""A page of Graph's autopilotEvents: machines of one image time out in device setup, the others do not."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page

OLD, NEW = "10.0.26100.1742", "10.0.26100.2894"
PROFILES = ("Staff laptops", "Sales laptops", "Workshop laptops")


def build(folder: Path) -> Path:
    m = Machine("an-image-that-cannot-update", at(2025, 1, 20, 7, 0))
    rows = []
    for n in range(48):
        old = n % 3 == 1
        bad = (old and n not in (7, 28)) or n == 30
        start = m.clock(n * 210.0 + (n * 37) % 50)
        minutes = 64 if bad else 27 + (n * 7) % 19
        end = m.clock(n * 210.0 + (n * 37) % 50 + minutes)
        rows.append(
            {
                "id": m.id(f"event {n}"),
                "deviceId": m.id(f"device {n}"),
                "userId": m.id(f"user {n}"),
                "eventDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "deviceRegisteredDateTime": "2024-12-02T10:12:00Z",
                "enrollmentStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentType": "azureADJoinedWithAutopilotProfile",
                "deviceSerialNumber": f"WS-{7000 + n * 13}-G",
                "managedDeviceName": f"WS-{7000 + n * 13}",
                "userPrincipalName": f"user{n}@contoso.com",
                "windowsAutopilotDeploymentProfileDisplayName": PROFILES[n // 2 % 3],
                "enrollmentState": "enrolled",
                "windows10EnrollmentCompletionPageConfigurationDisplayName": "Staff page",
                "deploymentState": "failure" if bad else "success",
                "deviceSetupStatus": "failure" if bad else "success",
                "accountSetupStatus": "notAttempted" if bad else "success",
                "osVersion": OLD if old else NEW,
                "deploymentDuration": f"PT1H{minutes - 60}M0S" if bad else f"PT{minutes}M4.2211S",
                "deploymentTotalDuration": f"PT1H{minutes - 60}M0S" if bad else f"PT{minutes + 2}M10.5S",
                "deviceSetupDuration": "PT1H0M2S" if bad else f"PT{minutes - 13}M3.1S",
                "accountSetupDuration": "PT0S" if bad else "PT4M40S",
                "deploymentStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "deploymentEndDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentFailureDetails": "",
            }
        )
    return graph_page(folder, "autopilotEvents-2025-01.json", "deviceManagement/autopilotEvents", rows)
