"""dsregcmd of a joined laptop whose person's account was switched off."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg


def build(folder: Path) -> Path:
    path = folder / "dsregcmd_status.txt"
    path.write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="YES",
                EnterpriseJoined="NO",
                DomainJoined="NO",
                Virtual_Desktop="NOT SET",
                Device_Name="WS-1504",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="3c1f50a2-77a1-4f6c-8f0e-12b2c6a01504",
                Thumbprint="0F1E2D3C4B5A69788796A5B4C3D2E1F001504000",
                DeviceCertificateValidity="[ 2026-01-12 08:11:10.000 UTC -- 2036-01-12 08:41:10.000 UTC ]",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="SUCCESS",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Contoso",
                TenantId="6d2f41f0-aa41-4b7a-9a46-6a1b7a3f1504",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
            ),
            dsreg.section(
                "User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="ERROR (0x80070520)"
            ),
            dsreg.section(
                "SSO State",
                AzureAdPrt="NO",
                AcquirePrtDiagnostics="PRESENT",
                Previous_Prt_Attempt="2026-01-19 07:32:50.119 UTC",
                Attempt_Status="0xc0000072",
                User_Identity="kim@contoso.com",
                Credential_Type="Password",
                Endpoint_URI="https://login.microsoftonline.com/6d2f41f0/oauth2/token/",
                HTTP_Method="POST",
                HTTP_Error="0x0",
                HTTP_status="400",
                Server_Error_Code="invalid_grant",
                Server_Error_Description="AADSTS50057: The user account is disabled.",
            ),
            dsreg.section(
                "Diagnostic Data",
                KeySignTest="PASSED",
                User_Context="UN-ELEVATED User",
                Client_Time="2026-01-19 07:40:00.000 UTC",
            ),
        ),
        newline="\r\n",
    )
    return path
