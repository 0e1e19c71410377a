"""A hybrid joined device with a second registration of its user."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg


def build(folder: Path) -> Path:
    path = folder / "dsregcmd.txt"
    sec = dsreg.section
    text = dsreg.status(
        sec(
            "Device State",
            AzureAdJoined="YES",
            EnterpriseJoined="NO",
            DomainJoined="YES",
            DomainName="NORTHWIND",
            Device_Name="NW-3307.corp.northwind.example",
        ),
        sec(
            "Device Details",
            DeviceId="5a0d2b8e-7a30-4a3e-9d0a-31c2a9f03307",
            Thumbprint="E1D0A4B77C0931A6F2A7B2A5D1C8E0F4A90B3307",
            DeviceCertificateValidity="[ 2025-02-11 07:40:02.000 UTC -- 2035-02-11 08:10:02.000 UTC ]",
            KeyContainerId="0d9f1c33-55f2-4a7a-b1c6-2a55ab033307",
            KeyProvider="Microsoft Platform Crypto Provider",
            TpmProtected="YES",
            DeviceAuthStatus="SUCCESS",
        ),
        sec(
            "Tenant Details",
            TenantName="Northwind",
            TenantId="c30b7a11-20d1-4f4e-8f0b-9a7b5e1f3307",
            MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
        ),
        sec(
            "User State",
            NgcSet="NO",
            WorkplaceJoined="YES",
            WorkAccountCount="1",
            WamDefaultSet="YES",
            WamDefaultAuthority="organizations",
            WamDefaultId="https://login.microsoft.com",
            WamDefaultGUID="{B16898C6-A148-4967-9171-64D755DA8520} (AzureAd)",
        ),
        sec(
            "SSO State",
            AzureAdPrt="YES",
            AzureAdPrtUpdateTime="2025-06-03 06:52:11.000 UTC",
            AzureAdPrtExpiryTime="2025-06-17 06:52:10.000 UTC",
            AzureAdPrtAuthority="https://login.microsoftonline.com/c30b7a11-20d1-4f4e-8f0b-9a7b5e1f3307",
            EnterprisePrt="NO",
            OnPremTgt="NO",
            CloudTgt="YES",
            KerbTopLevelNames=".windows.net",
        ),
        sec(
            "Work Account 1",
            WorkplaceDeviceId="93b1a6d2-06c5-4d0f-b5a2-bb1d7a903307",
            WorkplaceIdp="login.windows.net",
            WorkplaceTenantId="c30b7a11-20d1-4f4e-8f0b-9a7b5e1f3307",
            WorkplaceTenantName="Northwind",
            WorkplaceMdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
            NgcSet="NO",
        ),
        sec(
            "Diagnostic Data",
            AadRecoveryEnabled="NO",
            Executing_Account_Name=r"NORTHWIND\jo, jo@northwind.example",
            KeySignTest="PASSED",
            DisplayNameUpdated="YES",
            OsVersionUpdated="YES",
            HostNameUpdated="YES",
            Last_HostName_Update="NONE",
        ),
        sec(
            "IE Proxy Config for Current User",
            Auto_Detect_Settings="YES",
            Auto_Configuration_URL="",
            Proxy_Server_List="",
            Proxy_Bypass_List="",
        ),
        sec("WinHttp Default Proxy Config", Access_Type="DIRECT"),
        sec(
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
    )
    path.write_text(text, newline="\r\n")
    return path
