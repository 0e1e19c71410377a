"""An offline profile makes no device known: enrolment takes it for a personal one."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AUTOPILOT, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import boot, empty, join, leave, refused

PLACE = r"\provisioning\autopilot\AutopilotConfigurationFile.json"


def build(folder: Path) -> Path:
    m = Machine(
        "offline-profile-where-personal-devices-are-blocked",
        at(2020, 5, 28, 8, 0),
        build="18363.836",
        zone="Europe/Oslo",
        name="WS-7104",
        serial="WS-7104-O",
    )
    lived(m, 30)
    boot(m, -3)
    m.event("autopilot", -0.2, 310, Message1="%windir%" + PLACE, Message2=r"C:\Windows" + PLACE)
    empty(m, 0)
    correlation = m.id("correlation")
    m.event("autopilot", 0.5, 101, Message1="CloudAssignedOobeConfig", Int1=1310)
    m.event("autopilot", 0.501, 103, Message1="CloudAssignedTenantDomain", Message2="contoso.com")
    m.event("autopilot", 0.502, 103, Message1="ZtdCorrelationId", Message2=correlation)
    m.event("autopilot", 0.51, 111)
    profile = {
        "Version": 2049,
        "CloudAssignedTenantId": m.id("tenant contoso.com"),
        "CloudAssignedTenantDomain": "contoso.com",
        "CloudAssignedOobeConfig": 1310,
        "CloudAssignedDomainJoinMethod": 0,
        "CloudAssignedForcedEnrollment": 1,
        "ZtdCorrelationId": correlation,
    }
    m.text("AutopilotConfigurationFile.json", compact(profile), "ascii")
    m.key(
        AUTOPILOT,
        CloudAssignedTenantDomain="contoso.com",
        CloudAssignedTenantId=m.id("tenant contoso.com"),
        AadTenantId=m.id("tenant contoso.com"),
        TenantMatched=1,
        ZtdCorrelationId=correlation,
    )
    for n in range(2):
        t = 4 + n * 6
        join(m, t - 0.8)
        refused(m, t, 0x80180014, "DeviceNotSupported", "Personal devices are not allowed to enroll.")
        leave(m, t + 1)
    return m.as_zip(folder)
