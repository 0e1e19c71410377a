"""Another management's server answers the request for enrolment with nothing in it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import ask_enrol, boot, join, leave, profile, screen

CODE = 0x801900C8


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-answered-without-an-envelope",
        at(2026, 3, 17, 6, 25),
        build="19043.2364",
        zone="Asia/Kolkata",
        name="WS-7013",
        serial="WS-7013-E",
        provider="Fleet",
    )
    lived(m, 20)
    boot(m, -4)
    profile(m, 0)
    for n in range(2):
        t = 3 + n * 6
        join(m, t - 0.8)
        ask_enrol(m, t)
        m.event("enrol", t + 0.3, 11, 2, HRESULT=Code(CODE))
        m.event("enrol", t + 0.31, 71, 2, HRESULT=Code(CODE))
        screen(m, t + 0.4, "CDJUIError", "801900c8")
        screen(m, t + 0.41, "CDJUIShowPage", "idErrorPage")
        leave(m, t + 0.6)
    return m.as_cab(folder)
