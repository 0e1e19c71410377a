"""dsregcmd alone: healthy, fields without value."""

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
                Device_Name="CO-50777",
                Virtual_Desktop="NOT SET",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="6a0a7a9d-92d1-4a0f-9d5e-77a0c5f10777",
                DeviceCertificateValidity="[ 2025-08-04 06:50:41.000 UTC -- 2035-08-04 07:20:41.000 UTC ]",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="SUCCESS",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Contoso",
                TenantId="2f6f6d5e-5d0c-4d0d-9a53-3f2f6b1c5050",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
                SettingsUrl="-",
                MdmComplianceUrl="-",
                WebAuthNSrvVersion="1.0",
            ),
            dsreg.section(
                "User State",
                NgcSet="YES",
                NgcKeyId="{0777AAAA-0B0B-4C1C-8D2D-333333333777}",
                WorkplaceJoined="NO",
                WamDefaultSet="YES",
                WamDefaultAuthority="organizations",
            ),
            dsreg.section(
                "SSO State",
                AzureAdPrt="YES",
                AzureAdPrtUpdateTime="2025-11-20 07:41:12.000 UTC",
                AzureAdPrtExpiryTime="2025-12-04 07:41:11.000 UTC",
                EnterprisePrt="NO",
                EnterprisePrtAuthority="-",
            ),
            dsreg.section(
                "Diagnostic Data",
                KeySignTest="MUST Run elevated to test.",
                User_Context="UN-ELEVATED User",
                Client_Time="2025-11-20 09:02:00.000 UTC",
            ),
        ),
        newline="\r\n",
    )
    return path
