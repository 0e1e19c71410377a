"""A hybrid PC cannot enrol because an old enrolment stands."""

from __future__ import annotations

from pathlib import Path

from cases.dsreg import section, status
from cases.outside import DAY, ENROLMENTS, HOUR, Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, halt


def build(folder: Path) -> Path:
    m = Machine(
        "enrolled-long-ago-by-another",
        at(2025, 9, 30, 6, 0),
        name="PC-0412",
        fresh="PC-0412",
        serial="WS-3924-Z",
        build="19045.6332",
        zone="Europe/Rome",
    )
    lived(m, 12 * DAY, step=0)
    for day in range(12):
        boot(m, day * DAY)
        for n in range(3):
            m.event("dm", day * DAY + 30 + n * 5, 76, 2, HexInt1=Code(0x1), HRESULT=Code(0x8018000A))
        halt(m, day * DAY + 9 * HOUR)
    m.key(
        rf"{ENROLMENTS}\{m.id('old').upper()}",
        EnrollmentState=1,
        EnrollmentType=6,
        ProviderID="MS DM Server",
        UPN="lee@example.org",
        AADTenantID=m.id("tenant example.org"),
    )
    m.commands["dsregcmd.exe /status"] = status(
        section(
            "Device State",
            AzureAdJoined="YES",
            EnterpriseJoined="NO",
            DomainJoined="YES",
            DomainName="CONTOSO",
            Device_Name=m.name,
        ),
        section("Device Details", DeviceId=m.id("device"), TpmProtected="YES", DeviceAuthStatus="SUCCESS"),
        section(
            "Tenant Details",
            TenantName="Contoso",
            TenantId=m.id("tenant contoso.com"),
            MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
        ),
        section("SSO State", AzureAdPrt="YES", AzureAdPrtUpdateTime="2025-10-11 05:50:02.000 UTC"),
    )
    return m.as_collection(folder)
