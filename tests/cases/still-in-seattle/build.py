"""The zone is still that of OOBE."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_eighteen import hum, two_good
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "still-in-seattle",
        at(2025, 10, 6, 0, 30),
        build="26100.6584",
        zone="America/Los_Angeles",
        name="SYD-0077",
        serial="SYD-0077",
        domain="adatum.com",
    )
    lived(m, 3 * DAY + 300)
    t = ready(m)
    hum(m, t + 0.1)
    two_good(m, t)
    finish(m, t + 6)
    days(m, 1, 4)
    for day in range(4):
        m.event(
            "eventlog",
            day * DAY + 200,
            6013,
            plain=["", "", "", "", "14400", "60", "480 Pacific Standard Time"],
        )
    return m.as_zip(folder)
