"""Setup's log with the errors that every setup writes, and the dsregcmd text of a healthy joined device."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg

LINES = (
    ("Info", "[0x0605cc] IBS    FindCDWithLicenseFile: no media"),
    ("Warning", "[0x0601b8] IBS    Unable to find any previous OS"),
    ("Error", "[0x0606cc] IBS    Failed to open a handle to the key, error 0x00000002"),
    (
        "Info",
        "[0x0f0083] SYSPRP RunExternalDlls:Running platform actions specified in action file for phase 1",
    ),
    ("Error", "[0x0f00ba] SYSPRP Failed to find the value for the provider guid, hr = 0x80070490"),
    ("Info", "[windeploy.exe] WinDeploy.exe launched with command-line []..."),
    ("Error", "[Shell Unattend] LogonCommands: 'FirstLogonCommands' not found; status = 0x80070002"),
    ("Warning", "[msoobe.exe] SetupDisplayedEula is not set"),
    ("Info", "[msoobe.exe] OOBE finished, result = 0x00000000"),
    ("Info", "[windeploy.exe] Exiting WinDeploy.exe with code = 0x0"),
)


def build(folder: Path) -> Path:
    path = folder / "setup-log-with-errors-of-a-good-pc"
    path.mkdir()
    log = [
        f"2026-06-22 15:{40 + n:02}:{n * 5:02}, {level:<21} {words}" for n, (level, words) in enumerate(LINES)
    ]
    (path / "setupact.log").write_text("\n".join(log) + "\n", newline="\r\n")
    (path / "setuperr.log").write_text(
        "\n".join(line for line in log if ", Error " in line) + "\n", newline="\r\n"
    )
    (path / "dsregcmd.txt").write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="YES",
                EnterpriseJoined="NO",
                DomainJoined="NO",
                Virtual_Desktop="NOT SET",
                Device_Name="WS-7733",
            ),
            dsreg.section(
                "Device Details",
                DeviceId="51b0f1de-7a1f-4a0b-8d0c-6d2a4b5c7733",
                Thumbprint="1A6C1B1FA9B6E04D5A0E0A5C33C1A7D2F00A7733",
                DeviceCertificateValidity="[ 2026-06-22 14:02:11.000 UTC -- 2036-06-22 14:32:11.000 UTC ]",
                KeyContainerId="0d3c2a54-6f0e-4c1d-8e8f-2c4b9a3e7733",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                DeviceAuthStatus="SUCCESS",
            ),
            dsreg.section(
                "Tenant Details",
                TenantName="Contoso",
                TenantId="4a9d7e30-61b2-4d0f-8e55-0e3b1f9c7733",
                MdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
                MdmTouUrl="https://portal.manage.microsoft.com/TermsofUse.aspx",
                MdmComplianceUrl="https://portal.manage.microsoft.com/?portalAction=Compliance",
            ),
            dsreg.section(
                "User State",
                NgcSet="YES",
                NgcKeyId="{0AAA7733-0B0B-4C1C-8D2D-333333337733}",
                CanReset="DestructiveOnly",
                WorkplaceJoined="NO",
                WamDefaultSet="YES",
                WamDefaultAuthority="organizations",
                WamDefaultId="https://login.microsoft.com",
            ),
            dsreg.section(
                "SSO State",
                AzureAdPrt="YES",
                AzureAdPrtUpdateTime="2026-06-30 07:41:12.000 UTC",
                AzureAdPrtExpiryTime="2026-07-14 07:41:11.000 UTC",
                AzureAdPrtAuthority="https://login.microsoftonline.com/4a9d7e30-61b2-4d0f-8e55-0e3b1f9c7733",
                EnterprisePrt="NO",
                EnterprisePrtAuthority="",
            ),
            dsreg.section(
                "Diagnostic Data",
                AadRecoveryEnabled="NO",
                Executing_Account_Name=r"AzureAD\RobinContoso, robin@contoso.com",
                KeySignTest="PASSED",
                DisplayNameUpdated="YES",
                OsVersionUpdated="YES",
                HostNameUpdated="YES",
                Last_HostName_Update="NONE",
            ),
        )
        + f"{dsreg.RULE}\n",
        newline="\r\n",
    )
    return path
