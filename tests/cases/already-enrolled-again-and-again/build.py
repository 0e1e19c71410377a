"""Another MDM: its agent asks for enrolment again after each restart, and the device is enrolled already."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Code, Machine, at
from cases.outside_noise import days, lived
from cases.outside_stages import boot, enrol


def build(folder: Path) -> Path:
    m = Machine(
        "already-enrolled-again-and-again",
        at(2025, 5, 12, 9, 0),
        build="22631.5189",
        zone="America/Chicago",
        fresh="WS-2904",
        name="WS-2904",
        serial="WS-2904-M",
        provider="Fleet",
    )
    boot(m, -4)
    enrol(m, 3)
    days(m, 1, 8)
    for day in range(8):
        for n in range(3):
            m.event("enrol", day * DAY + 30 + n * 60, 71, 2, HRESULT=Code(0x8018000A))
    lived(m, 7 * DAY + 400, step=0)
    return m.as_cab(folder)
