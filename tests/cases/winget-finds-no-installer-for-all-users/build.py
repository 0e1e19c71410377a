"""winget has no installer for all users."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_eighteen import hum
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "winget-finds-no-installer-for-all-users",
        at(2024, 3, 11, 7, 40),
        build="22631.3235",
        zone="Europe/Vienna",
        name="WS-3340",
        serial="WS-3340-A",
    )
    lived(m, 30)
    t = ready(m)
    hum(m, t + 0.1)
    n = "Archive Viewer"
    announced(m, t + 0.3, "Contoso Reader", n)
    app(m, t + 0.5, "Contoso Reader")
    app(m, t + 3, n, -1978335216, code=0x8A150010, minutes=1.0)
    page_fails(m, t + 4.8, "DeviceSetup.Apps", 0x8A150010)
    return m.as_zip(folder)
