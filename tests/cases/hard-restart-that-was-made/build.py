"""Device setup: an installer ends with 1641, Windows restarts, the page goes on, all well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, says
from cases.outside_noise import lived
from cases.outside_page import account_done, account_setup, desktop, device_done, part, ready
from cases.outside_stages import boot, halt, query, sync
from cases.outside_ten import AGENT_EXE


def build(folder: Path) -> Path:
    m = Machine(
        "hard-restart-that-was-made",
        at(2026, 7, 8, 8, 20),
        build="26100.8521",
        zone="Europe/Lisbon",
        name="WS-8125",
        serial="WS-8125-A",
    )
    lived(m, 60)
    t, name = ready(m, apps=3), "Encryption Agent"
    announced(m, t + 0.2, "Archive Tool", name, "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 4, name, 1641)
    says(
        m,
        t + 6.2,
        "[Win32App][V3Processor] A restart is required to continue processing apps. Stop processing.",
    )
    halt(m, t + 7, "restart", AGENT_EXE)
    boot(m, t + 8)
    query(m, t + 8.6)
    m.event("autopilot", t + 8.7, 163)
    part(m, t + 10, "DeviceSetup")
    sync(m, t + 10.1)
    app(m, t + 11, "Contoso Reader")
    device_done(m, t + 14, 3)
    account_setup(m, t + 16)
    account_done(m, t + 18)
    desktop(m, t + 18.5)
    return m.as_zip(folder)
