"""The service's file alone tells of another board."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AUTOPILOT, CACHE, Machine, at, compact
from cases.outside_hardware import chip


def build(folder: Path) -> Path:
    m = Machine(
        "answer-of-a-changed-board", at(2026, 5, 13, 10, 0), name="DESKTOP-QH7T2RD", serial="WS-5334-D"
    )
    m.collected = 30
    kept_file = {
        "ErrorCode": 908,
        "ErrorReason": "HardwareMarkerMismatch, SerialNumberMismatch, SmbiosUuidMismatch",
        "PolicyDownloadDate": "2026-05-13T10:02:11Z",
        "PolicyDownloadCorrelationVector": "aGJrc2pkaGZrc2pkaA.1.0",
    }
    m.text("AutopilotDDSZTDFile.json", compact(kept_file), "utf-16")
    m.key(CACHE, PolicyJsonCache="{}", ProfileAvailable=0)
    m.key(
        AUTOPILOT,
        IsAutoPilotDisabled=0,
        CloudAssignedTenantDomain="contoso.com",
        DeploymentProfileName="Staff laptops",
    )
    m.key(rf"{AUTOPILOT}\EstablishedCorrelations", ZtdRegistrationId=m.id("ztd"))
    chip(m, "NTC", "Nuvoton", "7.2.3.1")
    return m.as_cab(folder)
