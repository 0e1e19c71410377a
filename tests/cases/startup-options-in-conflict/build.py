"""The deployment goes well; silent encryption does not begin, because two startup options are both required."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready

CONFLICT = 0x8031005B


def build(folder: Path) -> Path:
    m = Machine(
        "startup-options-in-conflict",
        at(2026, 5, 18, 6, 50),
        zone="Europe/Amsterdam",
        name="WS-6032",
        serial="WS-6032-B",
    )
    lived(m, 2 * DAY + 200)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    sign_out(m, end + 30)
    for n in range(4):
        m.event("bitlocker", t + 2 + n * 60, 851, 2, ErrorCode=Code(CONFLICT))
    days(m, 1, 3)
    for day in range(1, 3):
        for n in range(2):
            m.event("bitlocker", day * DAY + 60 + n * 200, 851, 2, ErrorCode=Code(CONFLICT))
    m.key(
        r"software\policies\microsoft\fve",
        UseAdvancedStartup=1,
        EnableBDEWithNoTPM=0,
        UseTPM=1,
        UseTPMPIN=1,
        UseTPMKey=0,
        UseTPMKeyPIN=0,
    )
    return m.as_collection(folder)
