"""A user added a work account instead of joining: dsregcmd and setup's log of the PC, copied by hand."""

from __future__ import annotations

from pathlib import Path

from cases import dsreg

LINES = (
    ("Info", "IBS    InstallWindows:Install Path = C:\\Windows"),
    ("Info", "[windeploy.exe] ------------------------------------------------"),
    ("Info", "[windeploy.exe] WinDeploy.exe launched with command-line []..."),
    ("Info", "[windeploy.exe] Setup has not completed, adding pending reboot."),
    ("Warning", "[msoobe.exe] No unattend.xml file was found for the oobeSystem pass."),
    ("Info", "[msoobe.exe] Successfully set OOBEInProgress to 1"),
    ("Error", "[msoobe.exe] Failed to get the value of the key ProductKeyType; hr = 0x80070002"),
    ("Info", "[msoobe.exe] OOBE finished, result = 0x00000000"),
    ("Info", "[windeploy.exe] Exiting WinDeploy.exe with code = 0x0"),
)


def build(folder: Path) -> Path:
    path = folder / "registered-and-not-joined"
    path.mkdir()
    log = [
        f"2026-02-09 08:{10 + n:02}:{n * 6:02}, {level:<21} {words}" for n, (level, words) in enumerate(LINES)
    ]
    (path / "setupact.log").write_text("\n".join(log) + "\n", newline="\r\n")
    (path / "dsregcmd.txt").write_text(
        dsreg.status(
            dsreg.section(
                "Device State",
                AzureAdJoined="NO",
                EnterpriseJoined="NO",
                DomainJoined="NO",
                Virtual_Desktop="NOT SET",
                Device_Name="DESKTOP-8UE4K1T",
            ),
            dsreg.section(
                "User State",
                NgcSet="NO",
                WorkplaceJoined="YES",
                WorkAccountCount="1",
                WamDefaultSet="NO",
            ),
            dsreg.section(
                "SSO State",
                AzureAdPrt="NO",
                AzureAdPrtAuthority="NO",
                EnterprisePrt="NO",
                EnterprisePrtAuthority="NO",
            ),
            dsreg.section(
                "Work Account 1",
                WorkplaceDeviceId="3d0f7a52-8c41-4c13-9f0c-5c1d2a618111",
                WorkplaceThumbprint="7B0C6F1C2D9AB6E04D5A0E0A5C33C1A7D2F08111",
                DeviceCertificateValidity="[ 2026-02-09 08:02:10.000 UTC -- 2036-02-09 08:32:10.000 UTC ]",
                KeyProvider="Microsoft Platform Crypto Provider",
                TpmProtected="YES",
                WorkplaceIdp="login.windows.net",
                WorkplaceTenantId="4a9d7e30-61b2-4d0f-8e55-0e3b1f9c8111",
                WorkplaceTenantName="Contoso",
                WorkplaceMdmUrl="https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc",
                WorkplaceSettingsUrl="",
                NgcSet="NO",
            ),
            dsreg.section(
                "Diagnostic Data",
                Diagnostics_Reference="www.microsoft.com/aadjerrors",
                User_Context="UN-ELEVATED User",
                Client_Time="2026-02-09 09:20:00.000 UTC",
                AD_Connectivity_Test="SKIPPED",
            ),
            dsreg.section(
                "Ngc Prerequisite Check",
                IsDeviceJoined="NO",
                IsUserAzureAD="NO",
                PolicyEnabled="NO",
                PostLogonEnabled="YES",
                DeviceEligible="YES",
                SessionIsNotRemote="YES",
                CertEnrollment="none",
                PreReqResult="WillNotProvision",
            ),
        )
        + f"{dsreg.RULE}\n",
        newline="\r\n",
    )
    return path
