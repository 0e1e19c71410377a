"""An update for the recovery partition fails each day."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_eighteen import hum, two_good
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "recovery-update-fails-daily",
        at(2024, 1, 15, 7, 30),
        build="19045.3930",
        zone="Europe/Berlin",
        name="WS-4029",
        serial="WS-4029-W",
    )
    lived(m, 6 * DAY + 100)
    t = ready(m)
    hum(m, t + 0.1)
    two_good(m, t)
    finish(m, t + 6)
    days(m, 1, 7)
    title = "2024-01 Security Update for Windows 10 Version 22H2 for x64-based Systems (KB5034441)"
    for u in (t + 30, DAY + 90, 2 * DAY + 80, 3 * DAY + 95, 4 * DAY + 88, 5 * DAY + 90, 6 * DAY + 70):
        m.event("update", u, 43, updateTitle=title, updateGuid="{" + m.id("kb") + "}", updateRevisionNumber=1)
        m.event(
            "update",
            u + 2,
            20,
            2,
            errorCode=Code(0x80070643),
            updateTitle=title,
            updateGuid="{" + m.id("kb") + "}",
            updateRevisionNumber=1,
        )
    return m.as_zip(folder)
