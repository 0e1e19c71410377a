"""Sealed by the technician; the next day the user's own app installs and is not found by its rule."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, HOUR, TRACKING, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import GOOD, account_setup, device_done, page_fails, part, ready, state
from cases.outside_stages import boot, halt, join, query, sync


def build(folder: Path) -> Path:
    m = Machine(
        "sealed-then-the-users-app-undetected", at(2026, 3, 2, 13, 0), name="WS-7718", serial="WS-7718-U"
    )
    t = ready(m, "seal")
    announced(m, t + 0.3, "Archive Tool", "Plant Viewer")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Plant Viewer")
    m.page(t + 6, "CommercialOOBE_ESPProgress_WhiteGlove_Success", "BootstrapStatus: Success page shown.")
    m.event("shell", t + 6.001, 62405, Result="success")
    m.key(rf"{TRACKING}\Device\Setup", HasProvisioningCompleted=0xFFFFFFFF)
    state(m, "DeviceSetup", "succeeded", **GOOD, Apps=("succeeded", "Apps (2 of 2 installed)"))
    halt(m, t + 8, "power off", r"C:\Windows\System32\CloudExperienceHostBroker.exe")

    t = DAY - 5 * HOUR
    boot(m, t)
    query(m, t + 1)
    m.event("autopilot", t + 1.1, 163)
    join(m, t + 3)
    part(m, t + 4, "DeviceSetup")
    sync(m, t + 4.1)
    device_done(m, t + 5)
    account_setup(m, t + 6)
    announced(m, t + 6.3, "Expense Client", phase="AccountSetup")
    app(m, t + 6.5, "Expense Client", 0, code=0x87D1041C, found=False, phase="AccountSetup", keys=False)
    page_fails(m, t + 9, "AccountSetup.Apps", 0x87D1041C)
    state(m, "AccountSetup", "failed", **GOOD, Apps=("failed", "Apps (Error: 0x87D1041C)"))
    lived(m, t + 40, step=0)
    return m.as_zip(folder)
