"""Self-deploying: the chip is locked out by too many wrong authorisations."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_hardware import attest, chip
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "chip-locked-after-too-many-tries",
        at(2026, 5, 19, 8, 0),
        build="26100.4652",
        name="KIOSK-12",
        serial="WS-6031-L",
    )
    boot(m, -4)
    profile(m, 0, "self")
    for n in range(2):
        t = 0.6 + n * 11
        attest(m, t)
        m.event("autopilot", t + 0.5, 171, 2, HRESULT=Code(0x80280921))
        m.event("autopilot", t + 0.501, 172, 2, HRESULT=Code(0x80280921))
        m.event("autopilot", t + 0.51, 180, 2, State=1, HRESULT=Code(0x80280921))
        m.event("autopilot", t + 0.52, 301, 2, State=1, HRESULT=Code(0x80280921))
    chip(
        m,
        "NTC",
        "Nuvoton Technology",
        "7.2.3.1",
        ready=False,
        extra="-Is Locked Out: True\n-Lockout Counter: 32\n",
    )
    lived(m, 20)
    return m.as_zip(folder)
