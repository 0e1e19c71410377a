"""The deployment goes well; BitLocker does not begin, because the installation disc is still in the drive."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready

MEDIA = 0x80310030


def build(folder: Path) -> Path:
    m = Machine(
        "dvd-still-in-the-drive",
        at(2026, 4, 20, 6, 40),
        zone="Europe/London",
        name="WS-8120",
        serial="WS-8120-V",
    )
    lived(m, 3 * DAY + 200)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    for n in range(2):
        m.event("bitlocker", t + 2 + n * 6, 853, 2, ErrorCode=Code(MEDIA))
    finish(m, t + 6)
    days(m, 1, 4)
    for day in range(1, 4):
        for n in range(3):
            m.event("bitlocker", day * DAY + 60 + n * 140, 853, 2, ErrorCode=Code(MEDIA))
    return m.as_collection(folder)
