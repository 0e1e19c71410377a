"""A device with its profile that nobody led through OOBE."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import DAY, HOUR, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "left-on-the-region-page",
        utc(2025, 8, 25, 9, 0),
        build="22631.5768",
        name="DESKTOP-4K7Q2LM",
        serial="FAB-8012-G",
        domain="fabrikam.example",
        renamed_at=1e9,
    )
    for day in (0, 1, 3):
        t = day * DAY
        stages.boot(d, t)
        stages.profile(d, t + 1)
        stages.screen(d, t + 1.5, "StartSelector", minutes=0.01)
        stages.screen(d, t + 1.6, "AutoPilotPrefetch", minutes=0.03)
        stages.screen(d, t + 1.7, "OobeRegion", None)
        if day < 3:
            stages.shutdown(d, t + 9 * HOUR, "power off", r"C:\Windows\System32\winlogon.exe")
    d.collected = 3 * DAY + 2 * HOUR
    return d.as_zip(folder)
