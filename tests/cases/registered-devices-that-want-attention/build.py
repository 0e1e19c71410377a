"""A page of Graph about registered devices: some may not be deployed again before somebody acts."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page


def build(folder: Path) -> Path:
    m = Machine("registered-devices-that-want-attention", at(2026, 5, 20, 7, 0))
    rows = [
        {
            "id": m.id(f"identity {n}"),
            "deploymentProfileAssignmentStatus": "notAssigned" if n == 11 else "assignedUnkownSyncState",
            "deploymentProfileAssignmentDetailedStatus": "none",
            "deploymentProfileAssignedDateTime": "0001-01-01T00:00:00Z"
            if n == 11
            else "2026-03-02T08:11:40Z",
            "groupTag": "KIOSK",
            "purchaseOrderIdentifier": "",
            "serialNumber": f"WS-61{n:02}-U",
            "productKey": "",
            "manufacturer": "Contoso Hardware",
            "model": "Contoso Desk Mini",
            "enrollmentState": "notContacted" if n in (3, 7, 11) else "enrolled",
            "lastContactedDateTime": "2026-05-19T06:30:00Z",
            "addressableUserName": "",
            "userPrincipalName": "",
            "resourceName": "",
            "skuNumber": "",
            "systemFamily": "Desk",
            "azureActiveDirectoryDeviceId": m.id(f"entra {n}"),
            "azureAdDeviceId": m.id(f"entra {n}"),
            "managedDeviceId": m.id(f"device {n}"),
            "displayName": "",
            "deviceAccountUpn": "",
            "deviceAccountPassword": "",
            "deviceFriendlyName": "",
            "remediationState": "manualRemediationRequired" if n == 7 else "noRemediationRequired",
            "remediationStateLastModifiedDateTime": "2026-05-18T15:00:00Z",
            "userlessEnrollmentStatus": "blocked" if n == 3 else "allowed",
        }
        for n in range(14)
    ]
    return graph_page(
        folder,
        "windowsAutopilotDeviceIdentities-2026-05-20.json",
        "deviceManagement/windowsAutopilotDeviceIdentities",
        rows,
    )
