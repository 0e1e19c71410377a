"""Hybrid join from home: the VPN client that should bring the domain within sight fails to install."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import agent_comes, device_setup, page_fails
from cases.outside_stages import boot, enrol, halt, profile


def build(folder: Path) -> Path:
    m = Machine(
        "vpn-client-fails-in-hybrid",
        at(2026, 1, 26, 16, 40),
        build="22631.4751",
        zone="America/Chicago",
        name="WS-5083",
        serial="WS-5083-V",
    )
    lived(m, 70)
    boot(m, -5)
    profile(m, 0, "hybrid", name="Hybrid from home")
    m.event("autopilot", 0.4, 117, 3)
    enrol(m, 2.5)
    m.event("dm", 3.4, 111, Boolean1=True)
    m.event("dm", 3.5, 109, HexInt1=Code(1))
    m.event("dm", 6.4, 107, HRESULT=Code(0))
    m.event("dm", 6.41, 110, HexInt1=Code(2))
    halt(m, 6.6, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, 7.6)
    agent_comes(m, 8.5, 2)
    device_setup(m, 10.5)
    announced(m, 10.6, "Tunnel Client", "Archive Tool")
    for t in (9, 14, 19):
        m.event("join", t, 334, 3)
    app(m, 11, "Tunnel Client", 1722, minutes=3)
    page_fails(m, 14.5, "DeviceSetup.Apps", 0x800706BA)
    return m.as_collection(folder)
