"""Device setup: a wrapped installer wants to start something as the user, and nobody is signed in."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app
from cases.outside_mail import numbered
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("toolkit-wants-a-signed-in-user", at(2026, 5, 5, 15, 30), zone="Europe/Stockholm")
    t = ready(m, apps=3)
    announced(m, t + 0.1, "Fonts", "Meeting Add-in", "Reader")
    app(m, t + 0.3, "Fonts")
    app(m, t + 3, "Meeting Add-in", 60008, minutes=0.9)
    page_fails(m, t + 4.4, "DeviceSetup.Apps", 0x8007EA68)
    lived(m, t + 20)
    return numbered(m, folder)
