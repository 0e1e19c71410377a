"""A cabinet without the Autopilot channels: the enrolment is refused to this user."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile, refused


def build(folder: Path) -> Path:
    m = Machine("refusal-without-the-autopilot-log", at(2026, 3, 24, 10, 25), zone="Europe/Berlin")
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    refused(m, 3, 0x80180003, "s:Authorization", "User is not authorized to enroll")
    leave(m, 3.6)
    lived(m, 20)
    m.drop("autopilot", "service", "pagelog", "shell")
    m.keys.clear()
    m.texts.clear()
    return m.as_cab(folder)
