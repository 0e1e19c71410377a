"""A self-deploying kiosk with an image of 2021: attestation fails until its tries are used up."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "attestation-on-a-build-of-2021",
        at(2026, 2, 11, 13, 5),
        build="22000.318",
        name="WS-6104",
        serial="WS-6104-C",
    )
    lived(m, 45)
    boot(m, -4)
    profile(m, 0, "self", name="Reception kiosks")
    not_attested(m, 0.8, 0x81039023)
    chip(m, "INTC", "Intel", "600.7.57.0")
    return m.as_cab(folder)
