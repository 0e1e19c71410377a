"""dsregcmd alone: the join service's address is not found by the system account."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg


def build(folder: Path) -> Path:
    path = folder / "dsregcmd.txt"
    path.write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="NO",
                EnterpriseJoined="NO",
                DomainJoined="YES",
                DomainName="FABRIKAM",
                Device_Name="FBK-3310.ad.fabrikam.example",
            ),
            dsreg.section("User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="NO"),
            dsreg.section(
                "SSO State",
                AzureAdPrt="NO",
                AzureAdPrtAuthority="NO",
                EnterprisePrt="NO",
                EnterprisePrtAuthority="NO",
            ),
            dsreg.section(
                "Diagnostic Data",
                Diagnostics_Reference="www.microsoft.com/aadjerrors",
                User_Context="SYSTEM",
                Client_Time="2026-06-09 23:41:07.000 UTC",
                AD_Connectivity_Test="PASS",
                AD_Configuration_Test="PASS",
                DRS_Discovery_Test="FAIL [0x801c0021/0x80072ee7]",
                DRS_Connectivity_Test="SKIPPED",
                Token_acquisition_Test="SKIPPED",
                Fallback_to_Sync_Join="ENABLED",
                Previous_Registration="2026-06-09 22:58:31.000 UTC",
                Error_Phase="discover",
                Client_ErrorCode="0x801c0021",
            ),
        ).replace("Sync Join", "Sync-Join")
        + f"{dsreg.RULE}\n",
        newline="\r\n",
    )
    return path
