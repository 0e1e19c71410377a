"""A policy restarts device setup; the user types his password again; it ends well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import finish, part, ready
from cases.outside_stages import boot, halt, query


def build(folder: Path) -> Path:
    m = Machine("applocker-restarts-device-setup", at(2026, 1, 22, 7, 10), name="WS-3308", serial="WS-3308-H")
    lived(m, 60)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    m.event(
        "dm", t + 3, 2800, Message1="./Vendor/MSFT/AppLocker/ApplicationLaunchRestrictions/Managed/EXE/Policy"
    )
    halt(m, t + 3.2, "restart", r"C:\Windows\system32\omadmclient.exe")
    boot(m, t + 4)
    query(m, t + 4.4)
    m.event("autopilot", t + 4.5, 163)
    part(m, t + 5, "DeviceSetup")
    app(m, t + 6, "Contoso Reader")
    finish(m, t + 9)
    return m.as_collection(folder)
