"""A hybrid PC whose users' sign-in names end in a private suffix."""

from __future__ import annotations

from pathlib import Path

from cases.dsreg import section, status
from cases.outside import DAY, HOUR, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, halt


def build(folder: Path) -> Path:
    m = Machine(
        "sign-in-name-nobody-routes",
        at(2025, 9, 8, 7, 0),
        name="PC-0977",
        fresh="PC-0977",
        serial="WS-5942-M",
        build="19045.6332",
        domain="corp.contoso.local",
    )
    lived(m, 5 * DAY, step=0)
    for day in range(5):
        boot(m, day * DAY)
        for n in range(4):
            m.event("dm", day * DAY + 20 + n * 5, 76, 2, HexInt1=Code(0x0), HRESULT=Code(0x8018002B))
        halt(m, day * DAY + 9 * HOUR)
    m.commands["dsregcmd.exe /status"] = status(
        section(
            "Device State",
            AzureAdJoined="YES",
            EnterpriseJoined="NO",
            DomainJoined="YES",
            DomainName="CORP",
            Device_Name=m.name,
        ),
        section("Device Details", DeviceId=m.id("device"), TpmProtected="YES", DeviceAuthStatus="SUCCESS"),
        section(
            "Tenant Details",
            TenantName="Contoso",
            TenantId=m.id("tenant contoso.com"),
            MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
        ),
        section("SSO State", AzureAdPrt="NO"),
    )
    return m.as_collection(folder)
