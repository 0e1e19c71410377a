"""Hybrid join goes well after the directory's sync has caught up."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived, sign_out
from cases.outside_page import account_done, account_setup, agent_comes, desktop, device_done, device_setup
from cases.outside_stages import boot, enrol, halt, profile


def build(folder: Path) -> Path:
    m = Machine(
        "hybrid-waits-for-the-sync",
        at(2026, 1, 21, 8, 0),
        name="WS-5031",
        serial="WS-5031-A",
        build="22631.6345",
    )
    lived(m, 140)
    boot(m, -4)
    profile(m, 0, "hybrid", name="Hybrid laptops")
    m.event("autopilot", 0.4, 116)
    enrol(m, 3)
    m.event("dm", 3.6, 111, Boolean1=True)
    m.event("dm", 3.7, 109, HexInt1=Code(1))
    m.event("dm", 7, 107, HRESULT=Code(0))
    m.event("dm", 7.1, 110, HexInt1=Code(2))
    halt(m, 8, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, 9)
    agent_comes(m, 11)
    device_setup(m, 13)
    announced(m, 13.3, "Archive Tool", "Contoso Reader")
    app(m, 13.5, "Archive Tool")
    app(m, 16, "Contoso Reader")
    device_done(m, 19)
    for n in range(4):
        m.event("join", 22 + n * 8, 4096)
        m.event("join", 22.2 + n * 8, 101, ServerMessage="")
        m.event(
            "join",
            22.5 + n * 8,
            304,
            2,
            ExitCode=Signed(-2145647630),
            TenantType="Managed",
            JoinType="join",
            ServerErrorMessage="The device object by the given id is not found.",
            DebugOutput="joinMode: Join errorPhase: join",
        )
    m.event("join", 54, 4096)
    m.event("join", 54.4, 306)
    account_setup(m, 56)
    account_done(m, 59)
    desktop(m, 60)
    sign_out(m, 90)
    return m.as_zip(folder)
