"""Two MDM apps are in the user's scope."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_hardware import attest, chip
from cases.outside_noise import lived
from cases.outside_stages import boot, join, profile


def build(folder: Path) -> Path:
    m = Machine(
        "two-managements-in-the-scope", at(2026, 2, 10, 9, 0), name="DESKTOP-QH7T2RD", serial="WS-5941-L"
    )
    lived(m, 25)
    chip(m, "INTC", "Intel", "600.18.39.0")
    boot(m, -4)
    profile(m, 0, "self", name="Kiosks")
    m.event("autopilot", 0.5, 113, 2, Int1=Signed(2))
    attest(m, 0.8)
    m.event("autopilot", 1.6, 208)
    m.event("autopilot", 1.7, 205)
    m.event("autopilot", 1.71, 169)
    m.event("autopilot", 1.72, 181, State=1, HRESULT=Code(0))
    m.event("autopilot", 1.8, 179, State=3)
    join(m, 1.9, token=False)
    m.event("autopilot", 2.3, 181, State=3, HRESULT=Code(0))
    m.event("autopilot", 2.4, 179, State=4)
    m.event("autopilot", 2.6, 180, 2, State=4, HRESULT=Code(0xC1036501))
    m.event("autopilot", 2.61, 301, 2, State=4, HRESULT=Code(0xC1036501))
    return m.as_cab(folder)
