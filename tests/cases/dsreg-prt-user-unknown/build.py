"""A hybrid device whose user the tenant does not know."""

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
                DomainJoined="YES",
                DomainName="ADATUM",
                Device_Name="ADT-0883.corp.adatum.example",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="8e3f1a0b-5f06-4a57-b0f1-7f3f9d2e0883",
                DeviceCertificateValidity="[ 2025-01-20 05:11:10.000 UTC -- 2035-01-20 05:41:10.000 UTC ]",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="SUCCESS",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Adatum",
                TenantId="f1b5f0a4-1a0d-4f63-8a67-883aa0aa0883",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
            ),
            dsreg.section("User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="NO"),
            dsreg.section(
                "SSO State",
                AzureAdPrt="NO",
                AcquirePrtDiagnostics="PRESENT",
                Previous_Prt_Attempt="2026-03-02 06:58:20.401 UTC",
                Attempt_Status="0xc000006d",
                User_Identity="jules@corp.adatum.example",
                Credential_Type="Password",
                Endpoint_URI="https://login.microsoftonline.com/f1b5f0a4/oauth2/token/",
                HTTP_Method="POST",
                HTTP_Error="0x0",
                HTTP_status="400",
                Server_Error_Code="invalid_grant",
                Server_Error_Description="AADSTS50034: The user account jules@corp.adatum.example does not exist in the directory.",
            ),
            dsreg.section(
                "Diagnostic Data",
                KeySignTest="PASSED",
                User_Context="ELEVATED User",
                Client_Time="2026-03-02 07:10:00.000 UTC",
            ),
        ),
        newline="\r\n",
    )
    return path
