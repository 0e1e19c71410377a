"""The device tunnel that brings a domain controller into sight is refused."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_eighteen import hum, two_good
from cases.outside_noise import lived
from cases.outside_page import agent_comes, device_done, device_setup
from cases.outside_stages import boot, enrol, halt, profile


def build(folder: Path) -> Path:
    m = Machine(
        "device-tunnel-refuses-its-certificate",
        at(2025, 11, 5, 15, 30),
        build="26100.6899",
        zone="America/New_York",
        name="FAB-61720",
        serial="FAB-61720-V",
        domain="fabrikam.com",
    )
    lived(m, 95)
    boot(m, -5)
    profile(m, 0, "hybrid", name="Hybrid remote")
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
    hum(m, 10.7)
    two_good(m, 10.5)
    device_done(m, 17)
    for n in range(9):
        u = 16.5 + n * 8
        c = "{" + m.id(f"dial{n}").upper() + "}"
        m.event(
            "ras",
            u,
            20221,
            plain=[
                c,
                "SYSTEM",
                "Fabrikam Device Tunnel",
                "",
                "Dial-in User = \nVpnStrategy = IKEv2\nDataEncryption = Require\nPrerequisiteEntry = \nAutoLogon = No\nUseRasCredentials = Yes\nAuthentication Type = Machine Certificate",
            ],
        )
        m.event("ras", u + 0.01, 20222, plain=[c, "SYSTEM", "Fabrikam Device Tunnel", "vpn.fabrikam.com"])
        m.event("ras", u + 0.05, 20227, 2, plain=[c, "SYSTEM", "Fabrikam Device Tunnel", "13801"])
    for u in (9, 19, 35, 60, 85):
        m.event("join", u, 334, 3)
        m.event("netlogon", u + 0.2, 5719, 2, plain=["FABRIKAM", "%%1311"])
    return m.as_collection(folder)
