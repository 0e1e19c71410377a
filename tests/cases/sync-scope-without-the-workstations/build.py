"""dsregcmd alone: a domain PC that the directory's synchronisation does not carry over."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg


def build(folder: Path) -> Path:
    path = folder / "dsregcmd_status.txt"
    device = "b3f0a6a4-6f0e-4a52-9d0f-6c7a55d17719"
    path.write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="NO",
                EnterpriseJoined="NO",
                DomainJoined="YES",
                DomainName="ADATUM",
                Device_Name="ADT-7719.corp.adatum.example",
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
                Client_Time="2026-05-06 09:16:43.000 UTC",
                AD_Connectivity_Test="PASS",
                AD_Configuration_Test="PASS",
                DRS_Discovery_Test="PASS",
                DRS_Connectivity_Test="PASS",
                Token_acquisition_Test="SKIPPED",
                Fallback_to_Sync_Join="ENABLED",
                Previous_Registration="2026-05-06 09:16:40.000 UTC",
                Error_Phase="join",
                Client_ErrorCode="0x801c03f2",
                Server_ErrorCode="DirectoryError",
                Server_Message=f"The device object by the given id ({device}) is not found.",
                Https_Status="400",
                Request_Id="6c1b6a0e-1a55-4c0e-8f1c-2d9f3b0d7719",
            ),
        ).replace("Sync Join", "Sync-Join")
        + f"{dsreg.RULE}\n",
        newline="\r\n",
    )
    return path
