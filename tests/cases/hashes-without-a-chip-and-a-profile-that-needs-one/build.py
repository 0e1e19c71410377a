"""A page of Graph: hashes taken in Windows PE know of no TPM, so the self-deploying profile cannot be assigned."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page


def build(folder: Path) -> Path:
    m = Machine("hashes-without-a-chip-and-a-profile-that-needs-one", at(2026, 4, 17, 9, 0))
    bad = (2, 5, 6, 9)
    rows = [
        {
            "id": m.id(f"identity {n}"),
            "deploymentProfileAssignmentStatus": "failed" if n in bad else "assignedInSync",
            "deploymentProfileAssignmentDetailedStatus": "hardwareRequirementsNotMet" if n in bad else "none",
            "deploymentProfileAssignedDateTime": "0001-01-01T00:00:00Z"
            if n in bad
            else "2026-04-16T12:00:00Z",
            "groupTag": "LAB",
            "purchaseOrderIdentifier": "",
            "serialNumber": f"WS-72{n:02}-G",
            "productKey": "",
            "manufacturer": "Contoso Hardware",
            "model": "Contoso Desk Tower",
            "enrollmentState": "notContacted",
            "lastContactedDateTime": "0001-01-01T00:00:00Z",
            "addressableUserName": "",
            "userPrincipalName": "",
            "azureActiveDirectoryDeviceId": m.id(f"entra {n}"),
            "managedDeviceId": "00000000-0000-0000-0000-000000000000",
            "displayName": "",
            "remediationState": "noRemediationRequired",
            "userlessEnrollmentStatus": "unknown",
        }
        for n in range(10)
    ]
    where = "deviceManagement/windowsAutopilotDeviceIdentities"
    return graph_page(folder, "windowsAutopilotDeviceIdentities.json", where, rows)
