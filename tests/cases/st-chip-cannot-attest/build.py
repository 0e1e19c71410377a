"""Pre-provisioning with an STMicroelectronics chip: all tries at attestation are used up."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "st-chip-cannot-attest",
        at(2025, 10, 7, 10, 0),
        build="26100.6584",
        zone="Europe/Paris",
        name="WS-1123",
        serial="WS-1123-Z",
    )
    lived(m, 30)
    chip(m, "STM", "STMicroelectronics", "1.769.0.0")
    boot(m, -4)
    profile(m, 0, "seal", name="Staff laptops")
    not_attested(m, 1, 0x81039001)
    return m.as_zip(folder)
