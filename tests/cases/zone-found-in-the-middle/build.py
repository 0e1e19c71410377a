"""The agent's log begins in Pacific time and goes on in Central European time."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "zone-found-in-the-middle",
        at(2026, 3, 18, 9, 40),
        name="WS-3821",
        serial="WS-3821-W",
        moved=(10.0, "America/Los_Angeles"),
    )
    lived(m, 50)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Cash Desk")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 5, "Cash Desk", 1612)
    page_fails(m, t + 7.2, "DeviceSetup.Apps", 0x8007064C)
    return m.as_zip(folder)
