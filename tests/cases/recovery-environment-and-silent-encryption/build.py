"""All went well; the drive is not encrypted, because there is no recovery environment."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "recovery-environment-and-silent-encryption",
        at(2026, 1, 12, 12, 0),
        zone="America/Toronto",
        build="26200.7623",
        name="WS-6617",
        serial="WS-6617-E",
    )
    lived(m, 3 * DAY + 120)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    m.event("bitlocker", t + 4, 854, 2)
    end = finish(m, t + 6)
    sign_out(m, end + 25)
    days(m, 1, 4)
    for day in range(1, 4):
        for n in range(2):
            m.event("bitlocker", day * DAY + 55 + n * 210, 854, 2)
    return m.as_collection(folder)
