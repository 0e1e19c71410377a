"""The profile is there in the evening and gone in the morning."""

from __future__ import annotations

from pathlib import Path

from cases.outside import HOUR, Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, empty, halt, profile


def build(folder: Path) -> Path:
    m = Machine(
        "removed-overnight",
        at(2026, 5, 20, 15, 0),
        name="DESKTOP-QH7T2RD",
        serial="WS-3409-J",
        build="26200.6725",
    )
    lived(m, 18 * HOUR)
    boot(m, -4)
    profile(m, 0)
    halt(m, 20, "power off", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    for n in range(2):
        t = 16 * HOUR + n * 30
        boot(m, t)
        empty(m, t + 2)
        m.event("shell", t + 4, 62404, CXID="OobeIDPS")
        m.event("shell", t + 9, 62404, CXID="OobeMSA")
    return m.as_viewer(folder)
