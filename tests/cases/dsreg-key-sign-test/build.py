"""dsregcmd alone: the device key cannot sign."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg


def build(folder: Path) -> Path:
    path = folder / "dsregcmd.txt"
    path.write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="YES",
                EnterpriseJoined="NO",
                DomainJoined="NO",
                Device_Name="CO-50611",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="3c1d7f52-9f2a-43c1-8f4e-12f0a6aa0611",
                DeviceCertificateValidity="[ 2025-03-12 10:02:11.000 UTC -- 2035-03-12 10:32:11.000 UTC ]",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="FAILED. ERROR",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Contoso",
                TenantId="2f6f6d5e-5d0c-4d0d-9a53-3f2f6b1c5050",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
            ),
            dsreg.section(
                "User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="ERROR (0x80090016)"
            ),
            dsreg.section(
                "SSO State",
                AzureAdPrt="NO",
                AcquirePrtDiagnostics="PRESENT",
                Previous_Prt_Attempt="2026-02-11 07:58:02.114 UTC",
                Attempt_Status="0x80090016",
                Credential_Type="Password",
                HTTP_status="0",
            ),
            dsreg.section(
                "Diagnostic Data",
                AadRecoveryEnabled="NO",
                KeySignTest="FAILED (0x80090016)",
                User_Context="ELEVATED User",
                Client_Time="2026-02-11 08:05:00.000 UTC",
            ),
        ),
        newline="\r\n",
    )
    return path
