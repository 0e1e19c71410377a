"""Enrolment is refused with InvalidSecurity."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, join, profile
from cases.outside_ten import refused_twice


def build(folder: Path) -> Path:
    m = Machine(
        "enrolment-server-rejects-the-security-header",
        at(2026, 2, 3, 10, 0),
        build="26200.7623",
        zone="Europe/Madrid",
        name="WS-8108",
        serial="WS-8108-H",
    )
    lived(m, 30)
    boot(m, -4)
    profile(m, 0)
    join(m, 2)
    refused_twice(
        m, 0x80180007, "InvalidSecurity", "An error was discovered processing the <Security> header."
    )
    return m.as_cab(folder)
