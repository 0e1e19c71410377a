"""dsregcmd alone, run by a tool of remote management as the system account: a healthy joined device."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg


def build(folder: Path) -> Path:
    path = folder / "dsregcmd_status.log"
    path.write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="YES",
                EnterpriseJoined="NO",
                DomainJoined="NO",
                Virtual_Desktop="NOT SET",
                Device_Name="WS-7029",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="7d5c1e02-3a7f-4e55-8c10-1b6d0f2a7029",
                Thumbprint="0F0E0D0C0B0A090807060504030201000F0E7029",
                DeviceCertificateValidity="[ 2026-01-20 07:10:22.000 UTC -- 2036-01-20 07:40:22.000 UTC ]",
                KeyContainerId="2c6f0a11-5b7d-4b1e-9d0c-70297029aaaa",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="SUCCESS",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Contoso",
                TenantId="0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b7029",
                AuthCodeUrl="https://login.microsoftonline.com/0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b7029/oauth2/authorize",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
                MdmTouUrl="https://portal.manage.microsoft.com/TermsofUse.aspx",
                MdmComplianceUrl="https://portal.manage.microsoft.com/?portalAction=Compliance",
            ),
            dsreg.section(
                "User State",
                NgcSet="NO",
                WorkplaceJoined="NO",
                WamDefaultSet="ERROR (0x80070520)",
            ),
            dsreg.section(
                "SSO State",
                AzureAdPrt="NO",
                AzureAdPrtAuthority="NO",
                EnterprisePrt="NO",
                EnterprisePrtAuthority="NO",
            ),
            dsreg.section(
                "Diagnostic Data",
                AadRecoveryEnabled="NO",
                Executing_Account_Name="NT AUTHORITY\\SYSTEM, NT AUTHORITY\\SYSTEM",
                KeySignTest="PASSED",
                DisplayNameUpdated="Managed by MDM",
                OsVersionUpdated="Managed by MDM",
                HostNameUpdated="YES",
                Last_HostName_Update="NONE",
            ),
            dsreg.section(
                "IE Proxy Config for System Account",
                Auto_Detect_Settings="YES",
                Auto__Configuration_URL="",
                Proxy_Server_List="",
                Proxy_Bypass_List="",
            ),
            dsreg.section("WinHttp Default Proxy Config", Access_Type="DIRECT"),
            dsreg.section(
                "Ngc Prerequisite Check",
                IsDeviceJoined="YES",
                IsUserAzureAD="NO",
                PolicyEnabled="YES",
                PostLogonEnabled="YES",
                DeviceEligible="YES",
                SessionIsNotRemote="NO",
                CertEnrollment="none",
                PreReqResult="WillNotProvision",
            ),
        ),
        newline="\r\n",
    )
    return path
