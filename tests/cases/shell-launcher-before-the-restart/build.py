"""A kiosk's app cannot set the shell before a restart; its own log says so."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

LOG = """[2026-09-15 10:19:40] Starting Set-KioskSettings.ps1 as NT AUTHORITY\\SYSTEM
[2026-09-15 10:19:42] Enabling feature Client-EmbeddedShellLauncher: RestartNeeded = True
[2026-09-15 10:20:05] WARNING: WESL_UserSetting is not in root\\standardcimv2\\embedded
[2026-09-15 10:20:06] ERROR: Shell Launcher configuration failed. Computer should be restarted first.
[2026-09-15 10:20:06] Exiting with code 1
"""


def build(folder: Path) -> Path:
    m = Machine(
        "shell-launcher-before-the-restart",
        at(2026, 9, 15, 8, 10),
        build="26100.8972",
        zone="Europe/Berlin",
        name="WS-7105",
        serial="WS-7105-K",
    )
    lived(m, 40)
    t = ready(m, "self")
    announced(m, t + 0.3, "Archive Tool", "Kiosk Settings")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Kiosk Settings", 1, minutes=1.2)
    page_fails(m, t + 4.6, "DeviceSetup.Apps", 0x80070001)
    m.text("KioskSettings_Install.log", LOG)
    return m.as_zip(folder)
