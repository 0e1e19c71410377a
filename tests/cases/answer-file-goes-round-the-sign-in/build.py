"""A folder: the answer file of a debloated image makes an account of its own, so the profile is never used."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AUTOPILOT, CACHE, Machine, at, compact
from cases.outside_noise import lived
from cases.outside_stages import answered, boot, query

ANSWERS = """<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend">
  <settings pass="oobeSystem">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" language="neutral">
      <OOBE>
        <HideEULAPage>true</HideEULAPage>
        <HideOnlineAccountScreens>true</HideOnlineAccountScreens>
        <HideWirelessSetupInOOBE>true</HideWirelessSetupInOOBE>
        <SkipMachineOOBE>true</SkipMachineOOBE>
        <SkipUserOOBE>true</SkipUserOOBE>
        <ProtectYourPC>3</ProtectYourPC>
      </OOBE>
      <UserAccounts><LocalAccounts><LocalAccount><Name>Admin</Name><Group>Administrators</Group></LocalAccount>
      </LocalAccounts></UserAccounts>
      <AutoLogon><Enabled>true</Enabled><Username>Admin</Username><LogonCount>1</LogonCount></AutoLogon>
    </component>
  </settings>
</unattend>
"""
LOG = """2026-04-09 09:02:10, Info                  [windeploy.exe] WinDeploy.exe launched with command-line []...
2026-04-09 09:02:31, Info                  [oobeldr.exe] Running oobeSystem pass with answer file [C:\\Windows\\Panther\\unattend.xml]...
2026-04-09 09:02:44, Info                  [oobeldr.exe] Successfully ran unattend pass [oobeSystem]
2026-04-09 09:02:45, Info                  [msoobe.exe] Machine OOBE is skipped by the answer file (SkipMachineOOBE = true)
2026-04-09 09:02:58, Info                  [windeploy.exe] Exiting WinDeploy.exe with code = 0x0
"""


def build(folder: Path) -> Path:
    m = Machine(
        "answer-file-goes-round-the-sign-in",
        at(2026, 4, 9, 7, 0),
        build="26200.8037",
        name="DESKTOP-QH7T2RD",
        serial="WS-7103-D",
    )
    lived(m, 60)
    boot(m, -2)
    m.event("winlogon", 1, 7001, TSId=1, UserSid="S-1-5-21-1111111111-2222222222-3333333333-1001")
    query(m, 3)
    answered(m, 3.1, 3)
    kept = {
        "PolicyDownloadDate": f"{m.clock(3):%Y-%m-%dT%H:%M:%SZ}",
        "CloudAssignedTenantDomain": "contoso.com",
        "CloudAssignedOobeConfig": 1310,
        "DeploymentProfileName": "Staff laptops",
    }
    m.key(CACHE, PolicyJsonCache=compact(kept), ProfileAvailable=1)
    m.key(AUTOPILOT, CloudAssignedTenantDomain="contoso.com", DeploymentProfileName="Staff laptops")
    m.text("AutopilotDDSZTDFile.json", compact(kept), "utf-16")
    m.text("unattend.xml", ANSWERS)
    m.text("setupact.log", LOG)
    return m.as_folder(folder)
