"""An Infineon chip with a firmware that is known for it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_hardware import chip, not_attested
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "infineon-firmware-times-out",
        at(2023, 7, 12, 12, 0),
        build="22621.1992",
        zone="Europe/Oslo",
        name="DESKTOP-QH7T2RD",
        serial="KIO-0331",
    )
    lived(m, 40)
    boot(m, -4)
    profile(m, 0, "self", name="Lobby kiosks")
    m.event("autopilot", 0.9, 208)
    end = not_attested(m, 0.8, 0x800705B4, tries=5, wait=5)
    chip(m, "IFX", "Infineon", "15.22.16832.0", extra="-EK Certificate: True\n-Chip: SLB9672\n")
    m.page(
        end + 0.1,
        "CommercialOOBE_ESPProgress_Error",
        "BootstrapStatus: DevicePreparation.SecuringHardware",
        0x800705B4,
    )
    return m.as_cab(folder)
