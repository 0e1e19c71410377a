"""dsregcmd of a healthy hybrid PC with tokens of both sides."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg


def build(folder: Path) -> Path:
    path = folder / "dsreg_FBK-0091.log"
    path.write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="YES",
                EnterpriseJoined="NO",
                DomainJoined="YES",
                DomainName="FABRIKAM",
                Virtual_Desktop="NOT SET",
                Device_Name="FBK-0091.ad.fabrikam.example",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="7a3f22d1-0b3e-4a52-a1c7-5d2e0c910091",
                Thumbprint="9C10B1FA9B6E04D5A0E0A5C33C1A7D2F00A70091",
                DeviceCertificateValidity="[ 2024-11-12 02:14:20.000 UTC -- 2034-11-12 02:44:20.000 UTC ]",
                KeyContainerId="3b2c2a54-6f0e-4c1d-8e8f-2c4b9a3e0091",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="SUCCESS",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Fabrikam",
                TenantId="0c5d7e30-61b2-4d0f-8e55-0e3b1f9c0091",
                AuthCodeUrl="https://login.microsoftonline.com/0c5d7e30-61b2-4d0f-8e55-0e3b1f9c0091/oauth2/authorize",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
                MdmTouUrl="https://portal.manage.microsoft.com/TermsofUse.aspx",
                MdmComplianceUrl="https://portal.manage.microsoft.com/?portalAction=Compliance",
                SettingsUrl="",
            ),
            dsreg.section(
                "User State",
                NgcSet="NO",
                WorkplaceJoined="NO",
                WamDefaultSet="YES",
                WamDefaultAuthority="organizations",
                WamDefaultId="https://login.microsoft.com",
                WamDefaultGUID="{B16898C6-A148-4967-9171-64D755DA8520} (AzureAd)",
            ),
            dsreg.section(
                "SSO State",
                AzureAdPrt="YES",
                AzureAdPrtUpdateTime="2026-06-02 21:58:03.000 UTC",
                AzureAdPrtExpiryTime="2026-06-16 21:58:02.000 UTC",
                AzureAdPrtAuthority="https://login.microsoftonline.com/0c5d7e30-61b2-4d0f-8e55-0e3b1f9c0091",
                EnterprisePrt="YES",
                EnterprisePrtUpdateTime="2026-06-02 21:58:04.000 UTC",
                EnterprisePrtExpiryTime="2026-06-16 21:58:04.000 UTC",
                EnterprisePrtAuthority="https://sts.fabrikam.example:443/adfs",
                OnPremTgt="NO",
                CloudTgt="YES",
                KerbTopLevelNames=".windows.net,.windows.net:1433",
            ),
            dsreg.section(
                "Diagnostic Data",
                AadRecoveryEnabled="NO",
                Executing_Account_Name=r"FABRIKAM\kato, kato@fabrikam.example",
                KeySignTest="NOT TESTED. Requires admin privileges",
                DisplayNameUpdated="Managed by MDM",
                OsVersionUpdated="Managed by MDM",
                HostNameUpdated="YES",
                Last_HostName_Update="NONE",
            ),
            dsreg.section(
                "Ngc Prerequisite Check",
                IsDeviceJoined="YES",
                IsUserAzureAD="YES",
                PolicyEnabled="NO",
                PostLogonEnabled="YES",
                DeviceEligible="YES",
                SessionIsNotRemote="YES",
                CertEnrollment="none",
                PreReqResult="WillNotProvision",
            ),
        ),
        newline="\r\n",
    )
    return path
