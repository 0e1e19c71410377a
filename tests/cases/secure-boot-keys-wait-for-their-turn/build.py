"""A deployment goes well; Windows says at each start that new Secure Boot certificates wait."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_agent import announced, app
from cases.outside_nine import keys_of_secure_boot
from cases.outside_noise import days, lived, sign_out
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "secure-boot-keys-wait-for-their-turn",
        at(2026, 2, 3, 8, 0),
        build="26200.7705",
        zone="Europe/Warsaw",
        name="WS-7028",
        serial="WS-7028-K",
    )
    lived(m, 9 * DAY)
    keys_of_secure_boot(m, -1.5)
    t = ready(m, "seal")
    announced(m, t + 0.3, "Archive Tool", "Contoso Reader")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Contoso Reader")
    end = finish(m, t + 6)
    keys_of_secure_boot(m, end + 5)
    m.event("tpm", end + 5.1, 1796, 2, HResult=0x80070013, UpdateType="0")
    sign_out(m, end + 30)
    days(m, 1, 9)
    for day in range(1, 9):
        keys_of_secure_boot(m, day * DAY + 50)
    return m.as_collection(folder)
