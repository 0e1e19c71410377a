"""A kiosk is deployed again without its record being released."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_hardware import attest, chip
from cases.outside_noise import lived
from cases.outside_stages import boot, join, profile, refused


def build(folder: Path) -> Path:
    m = Machine("self-deployed-before", at(2025, 12, 16, 7, 0), name="DESKTOP-QH7T2RD", serial="WS-2378-Z")
    lived(m, 20)
    chip(m, "NTC", "Nuvoton", "7.2.3.1")
    boot(m, -4)
    profile(m, 0, "self", name="Kiosks")
    attest(m, 0.8)
    m.event("autopilot", 1.6, 208)
    m.event("autopilot", 1.7, 205)
    m.event("autopilot", 1.71, 169)
    m.event("autopilot", 1.72, 181, State=1, HRESULT=Code(0))
    m.event("autopilot", 1.8, 179, State=3)
    join(m, 1.9, token=False)
    m.event("autopilot", 2.3, 181, State=3, HRESULT=Code(0))
    m.event("autopilot", 2.4, 179, State=6)
    refused(
        m,
        2.5,
        0x80180014,
        "DeviceNotSupported",
        "Enrollment blocked for AP device by SDM One Time Limit Check",
    )
    m.event("autopilot", 2.9, 180, 2, State=6, HRESULT=Code(0x80180014))
    m.event("autopilot", 2.91, 301, 2, State=6, HRESULT=Code(0x80180014))
    return m.as_cab(folder)
