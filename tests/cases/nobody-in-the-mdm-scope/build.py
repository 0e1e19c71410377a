"""Joined, and no management: the user is in no MDM scope."""

from __future__ import annotations

from pathlib import Path

from cases.dsreg import section, status
from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_page import desktop
from cases.outside_stages import boot, join, profile


def build(folder: Path) -> Path:
    m = Machine(
        "nobody-in-the-mdm-scope",
        at(2026, 3, 9, 9, 30),
        build="22631.5039",
        name="WS-2267",
        serial="WS-2267-Y",
    )
    lived(m, 55)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    desktop(m, 6)
    m.event("winlogon", 6.4, 7001, TSId=1, UserSid=m.sid())
    m.commands["dsregcmd.exe /status"] = status(
        section(
            "Device State", AzureAdJoined="YES", EnterpriseJoined="NO", DomainJoined="NO", Device_Name=m.name
        ),
        section(
            "Device Details",
            DeviceId=m.id("device"),
            KeyProvider="Microsoft Platform Crypto Provider",
            TpmProtected="YES",
            DeviceAuthStatus="SUCCESS",
        ),
        section(
            "Tenant Details",
            TenantName="Contoso",
            TenantId=m.id("tenant contoso.com"),
            MdmUrl="",
            MdmTouUrl="",
            MdmComplianceUrl="",
        ),
        section("User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="YES"),
        section("SSO State", AzureAdPrt="YES", AzureAdPrtUpdateTime="2026-03-09 09:50:02.000 UTC"),
    )
    return m.as_collection(folder)
