"""Device setup takes more than two hours, under a limit of four, and finishes."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import account_done, account_setup, desktop, device_done, ready
from cases.outside_stages import first_sync, sync


def build(folder: Path) -> Path:
    m = Machine(
        "two-hours-under-a-limit-of-four",
        at(2026, 10, 13, 6, 0),
        build="26100.6899",
        zone="Europe/Stockholm",
        name="WS-8319",
        serial="WS-8319-U",
    )
    t = ready(m, apps=3)
    announced(m, t + 0.3, "Archive Tool", "Drawing Suite", "Language Pack")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 8, "Drawing Suite", minutes=52)
    app(m, t + 68, "Language Pack", minutes=57)
    for n in range(10):
        sync(m, t + 6 + n * 13)
    device_done(m, t + 132, 3)
    account_setup(m, t + 134)
    account_done(m, t + 137)
    desktop(m, t + 137.5)
    first_sync(m, 240, IsSyncDone=1, WasDeviceSuccessfullyProvisioned=1)
    days(m, 1, 2)
    lived(m, 2 * 1440.0)
    return m.as_collection(folder)
