"""A Win32 app that calls winget as system, on an image without the C++ runtime."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready

GONE = 0xC0000135


def build(folder: Path) -> Path:
    m = Machine(
        "winget-without-its-runtime",
        at(2025, 9, 9, 12, 20),
        build="22631.5768",
        zone="Europe/Brussels",
        name="WS-4419",
        serial="WS-4419-S",
    )
    lived(m, 60)
    t = ready(m, apps=3)
    announced(m, t + 0.3, "Archive Tool", "Diagram Editor", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Diagram Editor", GONE - (1 << 32), code=GONE, minutes=0.9)
    page_fails(m, t + 4.5, "DeviceSetup.Apps", GONE)
    return m.as_folder(folder)
