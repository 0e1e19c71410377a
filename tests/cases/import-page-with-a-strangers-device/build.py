"""A page of Graph about a hash import: three devices are in, one is there already, one is another company's."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_mail import page as graph_page

STATES = (
    ("complete", 0, "ZtdDeviceNone"),
    ("complete", 0, "ZtdDeviceNone"),
    ("error", 808, "ZtdDeviceAssignedToOtherTenant"),
    ("error", 806, "ZtdDeviceAlreadyAssigned"),
    ("complete", 0, "ZtdDeviceNone"),
)


def build(folder: Path) -> Path:
    m = Machine("import-page-with-a-strangers-device", at(2026, 8, 4, 7, 0))
    rows = [
        {
            "id": m.id(f"import {n}"),
            "groupTag": "STAFF",
            "serialNumber": f"WS-92{n}0-H",
            "productKey": "",
            "importId": m.id("batch"),
            "hardwareIdentifier": None,
            "assignedUserPrincipalName": "",
            "state": {
                "deviceImportStatus": status,
                "deviceRegistrationId": m.id(f"registration {n}") if not code else "",
                "deviceErrorCode": code,
                "deviceErrorName": name if code else "",
            },
        }
        for n, (status, code, name) in enumerate(STATES)
    ]
    return graph_page(
        folder,
        "importedWindowsAutopilotDeviceIdentities-2026-08-04.json",
        "deviceManagement/importedWindowsAutopilotDeviceIdentities",
        rows,
    )
