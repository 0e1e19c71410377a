"""An installer runs into the agent's limit of an hour."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, kept, loads, looks, runs, says, tracked, verdict
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready
from cases.outside_stages import first_sync


def build(folder: Path) -> Path:
    m = Machine("installer-past-its-own-limit", at(2026, 2, 19, 6, 55), name="WS-3617", serial="WS-3617-S")
    lived(m, 95)
    t = ready(m)
    first_sync(m, 120)
    announced(m, t + 0.3, "Archive Tool", "Lab Suite")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, "Lab Suite")
    tracked(m, t + 3.1, "Lab Suite", 2)
    loads(m, t + 3.2, "Lab Suite")
    runs(m, t + 4, "Lab Suite")
    says(m, t + 64, "[Win32App] Installation is timeout")
    verdict(m, t + 64.1, "Lab Suite", 0x87D300C9)
    kept(m, "Lab Suite", exit_code=None, code=0x87D300C9, state=5000)
    page_fails(m, t + 64.5, "DeviceSetup.Apps", 0x87D300C9)
    return m.as_zip(folder)
