"""Two errors about the chip's identity at the first start; the profile comes at the next, and all goes well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import finish, ready
from cases.outside_stages import boot, halt


def build(folder: Path) -> Path:
    m = Machine(
        "identity-errors-before-the-network-was-there",
        at(2025, 7, 29, 8, 10),
        build="22631.5624",
        zone="Europe/Madrid",
        name="WS-7030",
        serial="WS-7030-I",
    )
    lived(m, 60)
    boot(m, -30)
    m.event("autopilot", -29, 165, 3)
    m.event("autopilot", -28, 171, 2, HRESULT=Code(0x80072EE7))
    m.event("autopilot", -27.99, 172, 2, HRESULT=Code(0x80072EE7))
    m.event("autopilot", -27.9, 153, InitialState=0, UpdateState=1)
    halt(m, -6, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    finish(m, t + 6)
    return m.as_cab(folder)
