"""The management service turns the device away because too many ask at once."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import ask_enrol, boot, join, leave, profile, screen


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-service-says-too-many-requests",
        at(2026, 8, 31, 7, 5),
        build="26100.8655",
        name="WS-8105",
        serial="WS-8105-E",
    )
    lived(m, 40)
    boot(m, -4)
    profile(m, 0)
    for n in range(3):
        t = 2 + n * 8
        join(m, t)
        ask_enrol(m, t + 1)
        m.event("enrol", t + 1.3, 11, 2, HRESULT=Code(0x80180033))
        m.event("enrol", t + 1.302, 71, 2, HRESULT=Code(0x80180033))
        screen(m, t + 1.5, "CDJUIError", "80180033")
        screen(m, t + 1.51, "CDJUIShowPage", "idErrorPage")
        leave(m, t + 1.7)
    return m.as_cab(folder)
