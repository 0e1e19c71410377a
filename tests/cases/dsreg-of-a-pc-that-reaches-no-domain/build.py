"""A folder of a domain PC at home: dsregcmd, ipconfig and two logs."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg
from cases.outside import DAY, Machine, at
from cases.outside_stages import boot, halt
from cases.outside_ten import join_task_fails

ADDRESSES = """
Windows IP Configuration

   Host Name . . . . . . . . . . . . : WS-8112
   Primary Dns Suffix  . . . . . . . : corp.contoso.com
   Node Type . . . . . . . . . . . . : Hybrid

Wireless LAN adapter Wi-Fi:

   Connection-specific DNS Suffix  . : home
   IPv4 Address. . . . . . . . . . . : 198.51.100.37(Preferred)
   Default Gateway . . . . . . . . . : 198.51.100.1
   DNS Servers . . . . . . . . . . . : 198.51.100.1
"""


def build(folder: Path) -> Path:
    m = Machine(
        "dsreg-of-a-pc-that-reaches-no-domain",
        at(2026, 1, 12, 7, 30),
        build="19045.6691",
        zone="Europe/Vienna",
        name="WS-8112",
        fresh="WS-8112",
        serial="WS-8112-M",
    )
    for day in range(3):
        t = day * DAY
        boot(m, t)
        m.event("winlogon", t + 2, 7001, TSId=1, UserSid=m.sid())
        for n in range(3):
            m.event("join", t + 4 + n * 120, 334, 3)
            join_task_fails(m, t + 4.1 + n * 120, 0x801C001D, "discover")
        halt(m, t + 500)
    m.text(
        "dsregcmd_status.txt",
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="NO",
                EnterpriseJoined="NO",
                DomainJoined="YES",
                DomainName="CONTOSO",
                Device_Name="WS-8112.corp.contoso.com",
            ),
            dsreg.section("User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="NO"),
            dsreg.section("SSO State", AzureAdPrt="NO", EnterprisePrt="NO"),
            dsreg.section(
                "Diagnostic Data",
                Diagnostics_Reference="www.microsoft.com/aadjerrors",
                User_Context="SYSTEM",
                Client_Time="2026-01-14 09:41:07.000 UTC",
                AD_Connectivity_Test="FAIL [0x8007054b]",
                AD_Configuration_Test="FAIL [0x80070547]",
                DRS_Discovery_Test="SKIPPED",
                DRS_Connectivity_Test="SKIPPED",
                Token_acquisition_Test="SKIPPED",
                Fallback_to_SyncXJoin="ENABLED",
                Previous_Registration="2026-01-14 09:34:06.000 UTC",
                Error_Phase="pre-check",
                Client_ErrorCode="0x801c001d",
            ),
        ).replace("SyncXJoin", "Sync-Join")
        + f"{dsreg.RULE}\n",
    )
    m.text("ipconfig.txt", ADDRESSES)
    return m.as_folder(folder)
