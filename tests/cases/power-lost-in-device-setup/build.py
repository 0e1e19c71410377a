"""The plug is pulled in device setup; it goes on and ends well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import finish, part, ready
from cases.outside_stages import boot, query


def build(folder: Path) -> Path:
    m = Machine("power-lost-in-device-setup", at(2026, 2, 11, 10, 15), name="WS-5501", serial="WS-5501-E")
    lived(m, 60)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    boot(m, t + 6, crashed=True)
    query(m, t + 6.5)
    m.event("autopilot", t + 6.6, 163)
    part(m, t + 7.2, "DeviceSetup")
    app(m, t + 8, "Contoso Reader")
    finish(m, t + 11)
    return m.as_zip(folder)
