"""The installation stick carries the offline profile of another company."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AUTOPILOT, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, empty, screen

PLACE = r"\provisioning\autopilot\AutopilotConfigurationFile.json"


def build(folder: Path) -> Path:
    m = Machine(
        "strangers-profile-on-the-stick",
        at(2026, 1, 13, 13, 15),
        build="22631.6491",
        name="DESKTOP-QH7T2RD",
        serial="WS-7020-Z",
    )
    lived(m, 22)
    boot(m, -3)
    m.event("autopilot", -0.2, 310, Message1="%windir%" + PLACE, Message2=r"C:\Windows" + PLACE)
    empty(m, 0)
    stranger = "fabrikam.com"
    correlation = m.id("correlation")
    for n, (name, value) in enumerate(
        (
            ("CloudAssignedTenantDomain", stranger),
            ("CloudAssignedDeviceName", "Z-%SERIAL%"),
            ("ZtdCorrelationId", correlation),
        )
    ):
        m.event("autopilot", 0.5 + n * 0.001, 103, Message1=name, Message2=value)
    m.event("autopilot", 0.51, 101, Message1="CloudAssignedForcedEnrollment", Int1=1)
    m.event("autopilot", 0.52, 111)
    profile = {
        "Version": 2049,
        "CloudAssignedTenantId": m.id("stranger"),
        "CloudAssignedTenantDomain": stranger,
        "CloudAssignedOobeConfig": 28,
        "CloudAssignedDomainJoinMethod": 0,
        "CloudAssignedForcedEnrollment": 1,
        "CloudAssignedDeviceName": "Z-%SERIAL%",
        "ZtdCorrelationId": correlation,
        "Comment_File": "Profile Fabrikam",
    }
    m.text("AutopilotConfigurationFile.json", compact(profile), "ascii")
    m.key(
        AUTOPILOT,
        CloudAssignedTenantDomain=stranger,
        CloudAssignedTenantId=m.id("stranger"),
        AadTenantId=m.id("tenant contoso.com"),
        CloudAssignedForcedEnrollment=1,
        CloudAssignedOobeConfig=28,
        TenantMatched=0,
        ZtdCorrelationId=correlation,
    )
    for t in (4, 7, 11):
        screen(m, t, "CDJUITenantMismatchExists", 1)
        screen(m, t + 0.01, "CDJUIError", "ztdTenantMismatch")
        screen(m, t + 0.02, "CDJUIShowPage", "idErrorPage")
    return m.as_zip(folder)
