"""Account setup: an app's wrapper asks the user behind the page, and nobody answers."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import account_setup, device_done, page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "prompt-that-nobody-can-answer",
        at(2025, 2, 20, 10, 0),
        build="22631.4890",
        zone="Europe/London",
        name="WS-1120",
        serial="WS-1120-W",
    )
    lived(m, 100)
    t = ready(m, apps=1)
    announced(m, t + 0.3, "Archive Tool")
    app(m, t + 0.5, "Archive Tool")
    device_done(m, t + 4, 1)
    account_setup(m, t + 6)
    announced(m, t + 7, "Meeting Add-in", phase="AccountSetup")
    app(m, t + 7.3, "Meeting Add-in", 60012, code=0x8007EA6C, minutes=56, phase="AccountSetup")
    page_fails(m, t + 64, "AccountSetup.Apps", 0x8007EA6C)
    return m.as_zip(folder)
