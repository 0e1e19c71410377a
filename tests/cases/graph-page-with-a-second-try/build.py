"""A page of Graph's autopilotEvents without a failure, with the oddities such pages have."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page


def build(folder: Path) -> Path:
    m = Machine("graph-page-with-a-second-try", at(2026, 9, 1, 7, 0))
    rows = []
    for n in range(3):
        start, end = m.clock(n * 60.0), m.clock(n * 60.0 + 28)
        rows.append(
            {
                "id": m.id(f"event {n}"),
                "deviceId": m.id(f"device {n}"),
                "eventDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "deviceRegisteredDateTime": "2026-08-20T09:00:00Z",
                "enrollmentStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentType": "azureADJoinedWithWhiteGlove"
                if n == 1
                else "azureADJoinedWithAutopilotProfile",
                "deviceSerialNumber": f"WS-61{n}7-P",
                "managedDeviceName": f"WS-61{n}7",
                "userPrincipalName": f"user{n}@contoso.com",
                "windowsAutopilotDeploymentProfileDisplayName": "Staff laptops",
                "enrollmentState": "enrolled",
                "windows10EnrollmentCompletionPageConfigurationDisplayName": "Staff page",
                "deploymentState": ("success", "success", "successOnRetry")[n],
                "deviceSetupStatus": "success",
                "accountSetupStatus": "disabled" if n == 1 else "success",
                "osVersion": "10.0.26100.6584",
                "deploymentDuration": "PT27M51.0011S",
                "deploymentTotalDuration": "PT28M2.5S",
                "deviceSetupDuration": "PT16M40.2S",
                "accountSetupDuration": "-PT2M57.2190107S" if n == 0 else "PT3M8S",
                "deploymentStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "deploymentEndDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentFailureDetails": "",
            }
        )
    return graph_page(folder, "autopilotEvents-2026-09-01.json", "deviceManagement/autopilotEvents", rows)
