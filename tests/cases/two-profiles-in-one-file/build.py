"""Existing devices: the configuration file holds two profiles one after the other."""

from __future__ import annotations

import json
from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, empty

PLACE = r"\Provisioning\Autopilot\AutopilotConfigurationFile.json"


def offline(m: Machine, name: str) -> str:
    """One profile as Get-AutopilotProfile writes it."""
    return json.dumps(
        {
            "CloudAssignedTenantId": m.id("tenant"),
            "CloudAssignedDeviceName": "WS-%RAND:4%",
            "CloudAssignedAutopilotUpdateTimeout": 1800000,
            "CloudAssignedForcedEnrollment": 1,
            "Version": 2049,
            "Comment_File": f"Profile {name}",
            "CloudAssignedDomainJoinMethod": 0,
            "CloudAssignedOobeConfig": 1310,
            "ZtdCorrelationId": m.id(f"ztd {name}"),
            "CloudAssignedTenantDomain": m.domain,
        },
        indent=4,
    )


def build(folder: Path) -> Path:
    m = Machine("two-profiles-in-one-file", at(2025, 11, 18, 13, 0), build="19045.5371", zone="Europe/Athens")
    boot(m, -4)
    empty(m, 0)
    m.event(
        "autopilot", -1, 310, Message1="%windir%" + PLACE, Message2=r"C:\Windows" + PLACE, Message3="Default"
    )
    m.event("autopilot", -0.999, 312, 2, HRESULT=Code(0x83750007))
    m.event("autopilot", 0.3, 314)
    m.text("AutopilotConfigurationFile.json", offline(m, "Staff") + "\n" + offline(m, "Shop floor"), "ascii")
    lived(m, 30)
    return m.as_folder(folder)
