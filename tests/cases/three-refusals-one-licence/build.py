"""Three tries in one morning, refused for the same licence."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile, refused, screen


def build(folder: Path) -> Path:
    m = Machine(
        "three-refusals-one-licence",
        at(2025, 9, 2, 6, 50),
        name="WS-4402",
        serial="WS-4402-D",
        user="jules",
        domain="example.org",
    )
    lived(m, 40)
    boot(m, -4)
    profile(m, 0)
    for n in range(3):
        t = 2.2 + n * 9
        join(m, t)
        refused(m, t + 0.8, 0x80180018, "s:UserLicense", "The user is not licensed for this service.")
        screen(m, t + 1.3, "CDJUIError", "80180018")
        screen(m, t + 1.31, "CDJUIShowPage", "idErrorPage")
        leave(m, t + 1.6)
        if n < 2:
            screen(m, t + 3, "CDJUIClickOnErrorTryAgain")
    return m.as_cab(folder)
