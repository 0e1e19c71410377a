"""Enrolment is refused because the tenant's account is in maintenance."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_noise import lived
from cases.outside_stages import boot, join, profile
from cases.outside_ten import refused_twice


def build(folder: Path) -> Path:
    m = Machine(
        "account-in-maintenance-at-enrolment",
        at(2025, 12, 6, 9, 15),
        build="22631.6345",
        zone="Asia/Singapore",
        name="WS-8116",
        serial="WS-8116-R",
    )
    lived(m, 30)
    boot(m, -4)
    profile(m, 0)
    join(m, 2)
    refused_twice(m, 0x80180017, "InMaintenance", "The account is under maintenance. Try again later.")
    return m.as_zip(folder)
