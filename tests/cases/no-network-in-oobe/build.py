"""OOBE never finds the internet."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "no-network-in-oobe",
        utc(2025, 4, 1, 8, 0),
        build="26100.3476",
        name="DESKTOP-4K7Q2LM",
        serial="CO-77120-U",
    )
    for t in (0, 40):
        stages.boot(d, t)
        d.event("autopilot", t + 0.5, 286)
        d.event("autopilot", t + 0.5, 285)
        d.event("autopilot", t + 0.6, 165, 3)
        for n in range(8):
            d.event("autopilot", t + 2 + n * 2, 167)
        stages.screen(d, t + 1, "OobeRegion")
        stages.screen(d, t + 3, "OobeKeyboard")
        stages.screen(d, t + 5, "OobeWireless", "fail", 10)
        stages.screen(d, t + 16, "OobeNetworkLossError", None)
        stages.shutdown(d, t + 30)
    stages.empty_keys(d)
    d.collected = 75
    return d.as_cabinet(folder)
