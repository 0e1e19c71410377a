"""dsregcmd alone: the device object is disabled or gone."""

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
                Device_Name="CO-50505",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="0b9a0f3e-2f65-4b0c-8b55-0d6c1e6f5050",
                DeviceCertificateValidity="[ 2024-11-02 07:12:19.000 UTC -- 2034-11-02 07:42:19.000 UTC ]",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="FAILED. Device is either disabled or deleted",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Contoso",
                TenantId="2f6f6d5e-5d0c-4d0d-9a53-3f2f6b1c5050",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
            ),
            dsreg.section("User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="YES"),
            dsreg.section(
                "SSO State", AzureAdPrt="NO", AzureAdPrtAuthority="https://login.microsoftonline.com/2f6f6d5e"
            ),
            dsreg.section(
                "Diagnostic Data", User_Context="UN-ELEVATED User", Client_Time="2026-01-15 09:30:00.000 UTC"
            ),
        ),
        newline="\r\n",
    )
    return path
