"""Hybrid: the domain join's blob takes nineteen minutes, the directory's sync twenty-six more; all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import account_done, account_setup, agent_comes, desktop, device_done, device_setup
from cases.outside_stages import boot, enrol, halt, profile, sync
from cases.outside_ten import SHELL, join_task_fails

SAYS = "The device object by the given id is not found."


def build(folder: Path) -> Path:
    m = Machine(
        "blob-after-nineteen-minutes",
        at(2026, 11, 3, 6, 30),
        build="26100.7019",
        zone="Europe/Brussels",
        name="WS-8320",
        serial="WS-8320-V",
    )
    boot(m, -4)
    profile(m, 0, "hybrid", name="Office PCs domain")
    m.event("autopilot", 0.4, 116)
    enrol(m, 3)
    m.event("dm", 3.6, 111, Boolean1=True)
    for n in range(7):
        m.event("dm", 3.7 + n * 3, 109, HexInt1=Code(1))
        sync(m, 4.5 + n * 3)
    m.event("dm", 22.6, 107, HRESULT=Code(0))
    m.event("dm", 22.7, 110, HexInt1=Code(2))
    halt(m, 23.5, "restart", SHELL)
    boot(m, 24.5)
    agent_comes(m, 26, 1)
    device_setup(m, 28)
    announced(m, 28.3, "Archive Tool")
    app(m, 28.5, "Archive Tool")
    for t in (29, 38, 47):
        join_task_fails(m, t, 0x801C03F2, "join", SAYS)
    device_done(m, 33, 1)
    account_setup(m, 40)
    m.event("join", 55, 306)
    account_done(m, 58)
    desktop(m, 58.5)
    days(m, 1, 2)
    lived(m, 2 * 1440.0)
    return m.as_collection(folder)
