"""Hybrid join on a build with the fix: two tries of the registration before the directory knows the computer, then all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import account_done, account_setup, agent_comes, desktop, device_done, device_setup
from cases.outside_stages import boot, enrol, halt, profile

SAYS = "The device object by the given id is not found."


def build(folder: Path) -> Path:
    m = Machine(
        "hybrid-well-after-two-tries", at(2026, 3, 17, 7, 20), build="26100.7171", zone="Europe/Zurich"
    )
    boot(m, -5)
    profile(m, 0, "hybrid")
    m.event("autopilot", 0.4, 116)
    enrol(m, 2.5)
    m.event("dm", 3.4, 111, Boolean1=True)
    m.event("dm", 3.5, 109, HexInt1=Code(1))
    m.event("dm", 6.4, 107, HRESULT=Code(0))
    m.event("dm", 6.41, 110, HexInt1=Code(2))
    halt(m, 6.6, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, 7.6)
    agent_comes(m, 8.5, 1)
    device_setup(m, 10.5)
    announced(m, 10.6, "Archive Tool")
    app(m, 10.8, "Archive Tool")
    device_done(m, 15, 1)
    m.event("join", 16, 4096)
    for t in (16.2, 21.2):
        for number in (307, 304):
            more = {"ServerErrorMessage": SAYS} if number == 304 else {}
            m.event(
                "join",
                t,
                number,
                2 if number == 304 else 3,
                ExitCode=Signed(0x801C03F2 - (1 << 32)),
                **more,
                TenantType="Managed",
                JoinType="sync",
            )
    m.event("join", 26.2, 306)
    account_setup(m, 27)
    account_done(m, 30)
    desktop(m, 30.5)
    days(m, 1, 3)
    lived(m, 3 * 1440.0)
    return m.as_collection(folder)
