"""A slimmed image without the push router: enrolment cannot be provisioned."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import ask_enrol, boot, join, leave, profile


def build(folder: Path) -> Path:
    m = Machine("push-service-cut-from-the-image", at(2026, 2, 24, 10, 0), name="WS-9402", serial="WS-9402-P")
    lived(m, 50)
    boot(m, -4)
    profile(m, 0)
    for t in (3, 12):
        join(m, t - 1)
        ask_enrol(m, t)
        m.event("enrol", t + 0.2, 10)
        m.event("enrol", t + 0.25, 17, 2, Message1="", HexInt1=Code(0x800706D9), HRESULT=Code(0x80180023))
        m.event("enrol", t + 0.3, 57, 2, HRESULT=Code(0x800706D9))
        m.event("enrol", t + 0.31, 71, 2, HRESULT=Code(0x80180023))
        leave(m, t + 0.6)
    m.key(r"system\currentcontrolset\services\dmwappushservice", Start=4)
    return m.as_zip(folder)
