"""Eleven months after a good deployment the management certificate is not renewed, and the device falls silent."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready
from cases.outside_stages import boot, halt, sync


def build(folder: Path) -> Path:
    m = Machine("certificate-not-renewed", at(2025, 3, 4, 9, 0), build="22631.4890", zone="Europe/Budapest")
    t = ready(m)
    announced(m, t + 0.1, "Archive Tool", "Reader")
    app(m, t + 0.3, "Archive Tool")
    app(m, t + 3, "Reader")
    finish(m, t + 7)
    for first in (1, 60, 120, 200, 280):
        days(m, first, first + 2)
    for day in range(324, 346):
        w = day * DAY
        boot(m, w)
        m.event("winlogon", w + 1.5, 7001, TSId=1, UserSid=m.sid())
        m.event("enrol", w + 5, 26, 2, Message1=m.enrolment, HRESULT=Code(0x80180016))
        sync(m, w + 10, 0 if day < 336 else 0x80190190)
        halt(m, w + 9 * 60)
    lived(m, 346 * DAY)
    return m.as_collection(folder)
