"""Hybrid join from home, without a VPN."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, enrol, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "no-controller-in-sight",
        at(2025, 8, 26, 14, 20),
        name="WS-3926",
        serial="WS-3926-B",
        build="22631.4317",
    )
    lived(m, 60)
    boot(m, -4)
    profile(m, 0, "hybrid", name="Hybrid laptops")
    m.event("autopilot", 0.4, 116)
    enrol(m, 3)
    m.event("dm", 3.6, 111, Boolean1=True)
    m.event("dm", 3.7, 109, HexInt1=Code(1))
    m.event("dm", 9, 107, HRESULT=Code(0))
    m.event("dm", 9.1, 110, HexInt1=Code(2))
    for n in range(8):
        m.event("join", 10 + n * 4, 334, 3)
        m.event("dm", 10.1 + n * 4, 100, 2, HexInt1=Code(0), HRESULT=Code(0x80070774))
    m.event("shell", 3.8, 62404, CXID="OobeDomainJoin")
    screen(m, 42, "CDJUIError", "80070774")
    screen(m, 42.01, "CDJUIShowPage", "idErrorPage")
    return m.as_zip(folder)
