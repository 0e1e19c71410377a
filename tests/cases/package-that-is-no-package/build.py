"""Device setup: a line-of-business MSI that Windows Installer does not take for one."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, msi, page_fails, ready, state
from cases.outside_stages import sync

BAD = "{5B0E3C77-21C9-4D0E-8E3D-6A1F4C7B8121}"
FINE = "{C41D8A02-7E55-47B3-9B1F-2D9E0A6F8121}"


def build(folder: Path) -> Path:
    m = Machine(
        "package-that-is-no-package",
        at(2026, 9, 15, 7, 20),
        build="22631.7079",
        zone="Europe/Oslo",
        name="WS-8121",
        serial="WS-8121-W",
    )
    lived(m, 45)
    t = ready(m, apps=1)
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    msi(m, t + 3, FINE, "FontPack.msi")
    msi(m, t + 5, BAD, "TimeClock.msi", code=0x80070654)
    sync(m, t + 6.2)
    page_fails(m, t + 6.5, "DeviceSetup.Apps", 0x80070654)
    state(m, "DeviceSetup", "failed", **GOOD, Apps=("failed", "Apps (Error: 0x80070654)"))
    return m.as_cab(folder)
