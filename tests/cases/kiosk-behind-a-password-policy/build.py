"""Self-deploying kiosk: a password policy for devices breaks the automatic sign-in after a restart."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import boot, halt, sync

POLICY = r"software\microsoft\policymanager\current\device\DeviceLock"
AGENT_EXE = r"C:\Program Files (x86)\Microsoft Intune Management Extension\Microsoft.Management.Services.IntuneWindowsAgent.exe"


def build(folder: Path) -> Path:
    m = Machine(
        "kiosk-behind-a-password-policy",
        at(2026, 4, 28, 22, 0),
        build="26100.6899",
        zone="Australia/Perth",
        name="KIOSK-31",
        serial="WS-5511-I",
    )
    t = ready(m, "self")
    m.key(POLICY, DevicePasswordEnabled=0, MinDevicePasswordLength=14, MinDevicePasswordComplexCharacters=3)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader", 3010)
    halt(m, t + 6, "restart", AGENT_EXE)
    boot(m, t + 7)
    for n in range(4):
        sync(m, t + 12 + n * 45)
    lived(m, t + 190)
    return m.as_zip(folder)
