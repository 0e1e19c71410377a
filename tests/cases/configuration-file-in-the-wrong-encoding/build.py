"""Existing devices: the file cannot be parsed."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, empty


def build(folder: Path) -> Path:
    m = Machine(
        "configuration-file-in-the-wrong-encoding",
        at(2025, 10, 8, 9, 0),
        name="DESKTOP-QH7T2RD",
        serial="WS-5435-E",
        build="19045.6332",
    )
    lived(m, 30)
    boot(m, -4)
    path = r"%windir%\provisioning\Autopilot\AutopilotConfigurationFile.json"
    m.event(
        "autopilot",
        -1,
        310,
        Message1=path,
        Message2=path.replace("%windir%", r"C:\Windows"),
        Message3="Default",
    )
    m.event("autopilot", -0.9, 312, 2, HRESULT=Code(0x83750007))
    empty(m, 0)
    m.event("autopilot", 0.5, 314, 3)
    m.event("shell", 2, 62404, CXID="OobeIDPS")
    profile_file = {
        "Version": 2049,
        "Comment_File": "Profile Existing devices",
        "CloudAssignedTenantDomain": "contoso.com",
        "CloudAssignedTenantId": m.id("tenant contoso.com"),
        "CloudAssignedOobeConfig": 28,
        "CloudAssignedDomainJoinMethod": 0,
        "CloudAssignedForcedEnrollment": 1,
        "ZtdCorrelationId": m.id("ztd"),
    }
    m.text("AutopilotConfigurationFile.json", compact(profile_file), "utf-16")
    del m.texts["AutopilotDDSZTDFile.json"]
    return m.as_zip(folder)
