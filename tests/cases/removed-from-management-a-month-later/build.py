"""A deployment succeeds; after a month the service removes the device."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, ENROLMENTS, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready
from cases.outside_stages import boot, leave


def build(folder: Path) -> Path:
    m = Machine(
        "removed-from-management-a-month-later", at(2025, 10, 6, 7, 30), name="WS-6617", serial="WS-6617-F"
    )
    lived(m, 34 * DAY)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    sign_out(m, end + 30)
    days(m, 1, 33)
    t = 33 * DAY
    boot(m, t)
    m.event("dm", t + 5, 1600, Message1=m.provider)
    m.event("enrol", t + 5.1, 60, Message1=m.enrolment)
    m.event("enrol", t + 5.2, 73)
    m.event("enrol", t + 5.3, 74)
    leave(m, t + 6)
    del m.keys[rf"{ENROLMENTS}\{m.enrolment}"], m.keys[rf"{ENROLMENTS}\{m.enrolment}\FirstSync"]
    return m.as_zip(folder)
