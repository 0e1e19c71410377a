"""dsregcmd as Collect diagnostics takes it: by the system account, which has no user and no token."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg


def build(folder: Path) -> Path:
    path = folder / "(9) Command windir_system32_Dsregcmd_exe_status output.log"
    path.write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="YES",
                EnterpriseJoined="NO",
                DomainJoined="NO",
                Virtual_Desktop="NOT SET",
                Device_Name="WS-4545",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="6a3e9a6c-0f5a-4f16-a9ee-37a0bdbc4545",
                Thumbprint="0F6C1B1FA9B6E04D5A0E0A5C33C1A7D2F00A4545",
                DeviceCertificateValidity="[ 2026-02-03 06:40:10.000 UTC -- 2036-02-03 07:10:10.000 UTC ]",
                KeyContainerId="5d3c2a54-6f0e-4c1d-8e8f-2c4b9a3e4545",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="SUCCESS",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Contoso",
                TenantId="0d5f8b7a-8a53-4d9e-9a4e-8d2f3b1c4545",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
                MdmTouUrl="https://portal.manage.microsoft.com/TermsofUse.aspx",
                MdmComplianceUrl="https://portal.manage.microsoft.com/?portalAction=Compliance",
            ),
            dsreg.section(
                "User State", NgcSet="NO", WorkplaceJoined="NO", WamDefaultSet="ERROR (0x80070520)"
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
                Executing_Account_Name=r"WORKGROUP\WS-4545$",
                KeySignTest="PASSED",
                DisplayNameUpdated="YES",
                OsVersionUpdated="YES",
                HostNameUpdated="YES",
                Last_HostName_Update="NONE",
            ),
            dsreg.section("IE Proxy Config for System Account", Auto_Detect_Settings="YES", Proxy_Server="-"),
            dsreg.section("WinHttp Default Proxy Config", Access_Type="DIRECT"),
            dsreg.section(
                "Ngc Prerequisite Check",
                IsDeviceJoined="YES",
                IsUserAzureAD="NO",
                PolicyEnabled="NO",
                PostLogonEnabled="YES",
                DeviceEligible="YES",
                SessionIsNotRemote="NO",
                CertEnrollment="none",
                PreReqResult="WillNotProvision",
            ),
        )
        + f"{dsreg.RULE}\n",
        newline="\r\n",
    )
    return path
