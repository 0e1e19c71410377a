"""Self-deploying on a laptop with AMD's firmware TPM: attestation ends with element not found."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "amd-chip-finds-nothing",
        at(2023, 2, 7, 10, 0),
        build="22621.1194",
        zone="Europe/Warsaw",
        name="WS-8113",
        serial="WS-8113-N",
    )
    lived(m, 30)
    chip(m, "AMD", "AMD", "3.55.0.5")
    boot(m, -4)
    profile(m, 0, "self", name="Shared desks")
    not_attested(m, 1, 0x80070490)
    return m.as_cab(folder)
