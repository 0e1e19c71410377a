"""The page's part for users is skipped by setting; behind the desktop a user's app fails."""

from __future__ import annotations

from pathlib import Path

from cases.outside import AGENT, Machine, at
from cases.outside_agent import announced, app, says
from cases.outside_noise import days, lived
from cases.outside_page import desktop, device_done, ready
from cases.outside_stages import first_sync
from cases.outside_twelve import beside_the_page


def build(folder: Path) -> Path:
    m = Machine(
        "users-page-skipped-and-a-users-app-fails",
        at(2026, 10, 20, 7, 0),
        build="26200.6901",
        zone="Europe/Madrid",
        name="WS-8321",
        serial="WS-8321-W",
    )
    t = ready(m, apps=1)
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    device_done(m, t + 4, 1)
    first_sync(m, 60, SkipUserStatusPage=0xFFFFFFFF, IsSyncDone=1, WasDeviceSuccessfullyProvisioned=1)
    m.event("winlogon", t + 5, 7001, TSId=1, UserSid=m.sid())
    desktop(m, t + 5.5)
    says(m, t + 15.5, "[Win32App][EspHelper][CheckEspPhase] In EspPhase: NotInEsp")
    beside_the_page(m, t + 16, "Expense Client", 1603, user=m.id("robin"))
    m.key(rf"{AGENT}\Win32Apps\{m.id('robin')}\{m.id('Expense Client')}_1", Intent=3)
    days(m, 1, 2)
    lived(m, 2 * 1440.0)
    return m.as_collection(folder)
