"""Two pages of Graph, the devices and their deployments: one model fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page

MODELS = ("Contoso Book 14", "Contoso Book 13 G2", "Contoso Desk Mini", "Contoso Book 14")


def build(folder: Path) -> Path:
    m = Machine("one-model-among-three", at(2026, 2, 2, 7, 0))
    path = folder / "one-model-among-three"
    path.mkdir()
    identities, rows = [], []
    for n in range(48):
        model = MODELS[n % 4]
        bad = (model == "Contoso Book 13 G2" and n not in (13, 37)) or n == 20
        start = n * 170.0 + (n * 31) % 45
        minutes = 64 if bad else 26 + (n * 7) % 19
        begun, end = m.clock(start), m.clock(start + minutes)
        serial = f"WS-{4100 + n * 9}-M"
        identities.append(
            {
                "id": m.id(f"identity {n}"),
                "serialNumber": serial,
                "manufacturer": "Contoso Hardware",
                "model": model,
                "groupTag": "STAFF",
                "enrollmentState": "failed" if bad else "enrolled",
                "deploymentProfileAssignmentStatus": "assignedUnkownSyncState",
                "azureActiveDirectoryDeviceId": m.id(f"entra {n}"),
                "managedDeviceId": m.id(f"device {n}"),
                "systemFamily": "",
                "displayName": "",
            }
        )
        rows.append(
            {
                "id": m.id(f"event {n}"),
                "deviceId": m.id(f"device {n}"),
                "userId": m.id(f"user {n}"),
                "eventDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "deviceRegisteredDateTime": "2025-12-01T10:12:00Z",
                "enrollmentStartDateTime": f"{begun:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentType": "azureADJoinedWithAutopilotProfile",
                "deviceSerialNumber": serial,
                "managedDeviceName": serial[:-2],
                "userPrincipalName": f"user{n}@contoso.com",
                "windowsAutopilotDeploymentProfileDisplayName": "Staff laptops",
                "enrollmentState": "enrolled",
                "windows10EnrollmentCompletionPageConfigurationDisplayName": "Staff page",
                "deploymentState": "failure" if bad else "success",
                "deviceSetupStatus": "failure" if bad else "success",
                "accountSetupStatus": "notAttempted" if bad else "success",
                "osVersion": "10.0.26100.7623",
                "deploymentDuration": f"PT1H{minutes - 60}M0S" if bad else f"PT{minutes}M4.2S",
                "deploymentTotalDuration": f"PT1H{minutes - 60}M0S" if bad else f"PT{minutes + 2}M10.5S",
                "deviceSetupDuration": "PT1H0M2S" if bad else f"PT{minutes - 13}M3.1S",
                "accountSetupDuration": "PT0S" if bad else "PT4M40S",
                "deploymentStartDateTime": f"{begun:%Y-%m-%dT%H:%M:%SZ}",
                "deploymentEndDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                "enrollmentFailureDetails": "",
            }
        )
    graph_page(path, "autopilotEvents.json", "deviceManagement/autopilotEvents", rows)
    graph_page(
        path,
        "windowsAutopilotDeviceIdentities.json",
        "deviceManagement/windowsAutopilotDeviceIdentities",
        identities,
    )
    return path
