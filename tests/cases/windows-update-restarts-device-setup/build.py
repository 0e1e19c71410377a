"""All goes well, but the person signs in twice: Windows Update restarted the device inside device setup."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import account_done, account_setup, desktop, device_done, part, ready
from cases.outside_stages import boot, halt, query, sync

UPDATE = "2026-03 Cumulative Update for Windows 11 Version 24H2 for x64-based Systems (KB5079420)"


def build(folder: Path) -> Path:
    m = Machine(
        "windows-update-restarts-device-setup",
        at(2026, 3, 24, 12, 20),
        build="26100.7840",
        zone="America/Denver",
        name="WS-8103",
        serial="WS-8103-C",
    )
    lived(m, 75)
    t = ready(m, apps=3)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader", "Drawing Suite")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    fields = {"updateTitle": UPDATE, "updateGuid": "{" + m.id("update") + "}", "updateRevisionNumber": 1}
    m.event("update", t + 2, 43, **fields)
    m.event("update", t + 5.2, 19, **fields)
    halt(m, t + 6, "restart", r"C:\Windows\uus\AMD64\MoUsoCoreWorker.exe")
    boot(m, t + 13)
    query(m, t + 13.6)
    m.event("autopilot", t + 13.7, 163)
    part(m, t + 15, "DeviceSetup")
    sync(m, t + 15.1)
    app(m, t + 16, "Drawing Suite")
    device_done(m, t + 19, 3)
    account_setup(m, t + 21)
    account_done(m, t + 24)
    desktop(m, t + 24.5)
    return m.as_zip(folder)
