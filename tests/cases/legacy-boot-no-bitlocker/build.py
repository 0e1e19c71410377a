"""A device in legacy boot cannot be encrypted silently."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_eighteen import hum, two_good
from cases.outside_noise import days, lived
from cases.outside_page import finish, ready


def build(folder: Path) -> Path:
    m = Machine(
        "legacy-boot-no-bitlocker",
        at(2025, 9, 1, 6, 55),
        build="19045.6216",
        zone="Europe/Rome",
        name="WS-5521",
        serial="WS-5521-B",
    )
    lived(m, 2 * DAY + 150)
    t = ready(m)
    hum(m, t + 0.1)
    two_good(m, t)
    finish(m, t + 6)
    days(m, 1, 3)
    for u in (t + 12, t + 40, DAY + 70, DAY + 320, 2 * DAY + 66):
        m.event(
            "bitlocker",
            u,
            851,
            2,
            ErrorCode=Code(0x80310002),
            ErrorMessage="BitLocker Drive Encryption cannot be enabled on the operating system drive. Contact the computer manufacturer for BIOS upgrade instructions.",
        )
    return m.as_collection(folder)
