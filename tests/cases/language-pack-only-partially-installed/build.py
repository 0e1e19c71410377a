"""Device setup: the app that installs a language ends with an error of the Store's packages."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_eleven import second_app_fails
from cases.outside_noise import lived
from cases.outside_page import ready

SAYS = """Installing language nl-NL
Install-Language : Language Pack or features could only be partially installed. ErrorCode: -2147009295. Please try again.
"""


def build(folder: Path) -> Path:
    m = Machine(
        "language-pack-only-partially-installed",
        at(2026, 5, 13, 6, 50),
        build="26200.8246",
        zone="Europe/Amsterdam",
        name="WS-1119",
        serial="WS-1119-V",
    )
    lived(m, 40)
    t = ready(m)
    second_app_fails(m, t, "Dutch Language", 0x80073CF1 - (1 << 32), 0x80073CF1, minutes=9.0)
    m.text("InstallLanguage.log", SAYS)
    return m.as_zip(folder)
