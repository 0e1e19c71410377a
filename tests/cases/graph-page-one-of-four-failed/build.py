"""A page of Graph's autopilotEvents, saved from the browser: one of four deployments failed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page


def build(folder: Path) -> Path:
    m = Machine("graph-page-one-of-four-failed", at(2026, 7, 6, 8, 0))
    rows = []
    for n in range(4):
        bad = n == 2
        start, end = m.clock(n * 90.0), m.clock(n * 90.0 + (62 if bad else 31))
        rows.append(
            {
                "id": m.id(f"event {n}"),
                "deviceId": m.id(f"device {n}"),
                "eventDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "deviceRegisteredDateTime": "2026-05-04T10:12:00Z",
                "enrollmentStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentType": "azureADJoinedWithAutopilotProfile",
                "deviceSerialNumber": f"WS-55{n}1-K",
                "managedDeviceName": f"WS-55{n}1",
                "userPrincipalName": f"user{n}@contoso.com",
                "windowsAutopilotDeploymentProfileDisplayName": "Staff laptops",
                "enrollmentState": "enrolled",
                "windows10EnrollmentCompletionPageConfigurationDisplayName": "Staff page",
                "deploymentState": "failure" if bad else "success",
                "deviceSetupStatus": "failure" if bad else "success",
                "accountSetupStatus": "notAttempted" if bad else "success",
                "osVersion": "10.0.26100.4652",
                "deploymentDuration": "PT1H2M0S" if bad else "PT31M4.2211S",
                "deploymentTotalDuration": "PT1H2M0S" if bad else "PT33M10.5S",
                "deviceSetupDuration": "PT1H0M2S" if bad else "PT18M3.1S",
                "accountSetupDuration": "PT0S" if bad else "PT4M40S",
                "deploymentStartDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "deploymentEndDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentFailureDetails": "",
            }
        )
    return graph_page(folder, "autopilotEvents.json", "deviceManagement/autopilotEvents", rows)
