"""A self-deploying kiosk goes well, months of life after it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_hardware import chip
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine("kiosk-goes-well", at(2025, 12, 2, 6, 0), name="KIOSK-07", serial="WS-3929-E", split=False)
    lived(m, 62 * DAY)
    chip(m, "NTC", "Nuvoton", "7.2.3.1")
    t = ready(m, "self")
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6, user=False)
    sign_out(m, end + 3)
    days(m, 1, 61)
    return m.as_zip(folder)
