"""Account setup fails; only undated rows below the user's SID say why."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Machine, at
from cases.outside_agent import kept, tracked
from cases.outside_noise import lived
from cases.outside_page import GOOD, account_setup, device_done, page_fails, ready, state


def build(folder: Path) -> Path:
    m = Machine("rows-of-the-first-user", at(2026, 6, 16, 9, 0), name="WS-3720", serial="WS-3720-V")
    lived(m, 50)
    t = ready(m)
    device_done(m, t + 6)
    account_setup(m, t + 7.5)
    tracked(m, t + 7.6, "Sales Widgets", 1, phase="AccountSetup")
    m.keys[rf"{TRACKING}\{m.sid()}\Setup\Apps\Tracking\Sidecar\Win32App_{m.id('Sales Widgets')}_1"][
        "InstallationState"
    ] = 4
    kept(m, "Sales Widgets", exit_code=1619, code=0x80070653, state=5000, user=m.id("user robin"))
    page_fails(m, t + 12, "AccountSetup.Apps", 0x80070653)
    state(m, "AccountSetup", "failed", **GOOD, Apps=("failed", "Apps (Error: 0x80070653)"))
    m.lines.clear()
    return m.as_cab(folder)
