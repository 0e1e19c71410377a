"""A healthy device's object is deleted in the directory weeks later."""

from __future__ import annotations

from pathlib import Path

from cases.dsreg import section, status
from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine("directory-object-deleted", at(2025, 9, 15, 7, 0), name="WS-3410", serial="WS-3410-K")
    lived(m, 38 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    days(m, 1, 37)
    for n in range(12):
        w = 36 * DAY + 60 + n * 15
        m.event(
            "aad",
            w,
            1098,
            2,
            Error=0xCAA20003,
            ErrorMessage="Authorization grant failed for this assertion.",
            AdditionalInformation=f"Code: invalid_grant; AADSTS700003: Device object was not found in the tenant '{m.domain}' directory.",
        )
    m.commands["dsregcmd.exe /status"] = status(
        section(
            "Device State", AzureAdJoined="YES", EnterpriseJoined="NO", DomainJoined="NO", Device_Name=m.name
        ),
        section(
            "Device Details",
            DeviceId=m.id("device"),
            KeyProvider="Microsoft Platform Crypto Provider",
            TpmProtected="YES",
            KeySignTest="PASSED",
            DeviceAuthStatus="FAILED. Device is either disabled or deleted",
        ),
        section(
            "Tenant Details",
            TenantName="Contoso",
            TenantId=m.id("tenant contoso.com"),
            MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
        ),
        section("User State", NgcSet="YES", WorkplaceJoined="NO", WamDefaultSet="YES"),
        section("SSO State", AzureAdPrt="NO"),
    )
    return m.as_collection(folder)
