"""The clock is six minutes ahead until the middle of device setup."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import collector, corrected, first_hours
from cases.outside_page import finish, ready
from cases.outside_stages import sync


def build(folder: Path) -> Path:
    m = Machine("six-minutes-back-in-device-setup", at(2026, 4, 28, 7, 0), name="WS-3822", serial="WS-3822-X")
    corrected(m, 9.2, 6)
    first_hours(m)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 4, "Contoso Reader")
    sync(m, t + 5)
    m.event(
        "dm",
        t + 5.2,
        813,
        Message1="AllowCloudProtection",
        Message2="Defender",
        Message3=m.enrolment,
        Message4="Device",
        HexInt1=Code(1),
        HexInt2=Code(6),
        HexInt3=Code(0),
    )
    end = finish(m, t + 8)
    collector(m, end + 20)
    m.collected = end + 20
    return m.as_zip(folder)
