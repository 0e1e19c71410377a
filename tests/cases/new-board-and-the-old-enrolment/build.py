"""A repaired laptop: its new board has another TPM, so the keys of join and management are gone."""

from __future__ import annotations

from pathlib import Path

from cases.dsreg import section, status
from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_hardware import chip
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready
from cases.outside_stages import boot, halt, sync

SWAPPED = 120


def build(folder: Path) -> Path:
    m = Machine(
        "new-board-and-the-old-enrolment",
        at(2024, 11, 18, 8, 0),
        build="22631.4890",
        zone="Europe/Copenhagen",
        name="WS-5150",
        serial="WS-5150-D",
    )
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    for first in (1, 40, 80, 116):
        days(m, first, first + 2)
    for day in range(SWAPPED, SWAPPED + 4):
        w = day * DAY
        boot(m, w)
        if day == SWAPPED:
            m.event("tpm", w + 0.3, 1025)
            m.event("tpm", w + 0.4, 1027)
        m.event("winlogon", w + 1.5, 7001, TSId=1, UserSid=m.sid())
        for n in range(4):
            sync(m, w + 5 + n * 110, 0x80190190)
        halt(m, w + 9 * 60)
    chip(m, "NTC", "Nuvoton Technology", "7.2.3.1")
    m.commands["dsregcmd.exe /status"] = status(
        section(
            "Device State", AzureAdJoined="YES", EnterpriseJoined="NO", DomainJoined="NO", Device_Name=m.name
        ),
        section(
            "Device Details",
            DeviceId=m.id("device"),
            DeviceCertificateValidity="[ 2024-11-18 07:40:10.000 UTC -- 2034-11-18 08:10:10.000 UTC ]",
            KeyProvider="Microsoft Platform Crypto Provider",
            TpmProtected="YES",
            DeviceAuthStatus="FAILED. ERROR",
        ),
        section(
            "Tenant Details",
            TenantName="Contoso",
            TenantId=m.id("tenant contoso.com"),
            MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
        ),
        section("User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="NO"),
        section("SSO State", AzureAdPrt="NO"),
        section(
            "Diagnostic Data",
            KeySignTest="FAILED. Error: 0x80090016",
            User_Context="ELEVATED User",
            Client_Time="2025-03-21 15:10:00.000 UTC",
        ),
    )
    lived(m, (SWAPPED + 3) * DAY + 500, step=0)
    return m.as_collection(folder)
