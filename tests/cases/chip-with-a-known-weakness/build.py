"""Self-deploying: the chip's firmware is known to be weak, attestation is refused."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at
from cases.outside_hardware import attest, chip
from cases.outside_noise import lived
from cases.outside_stages import boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "chip-with-a-known-weakness", at(2026, 2, 24, 10, 0), build="22631.5039", zone="Europe/London"
    )
    boot(m, -4)
    profile(m, 0, "self")
    attest(m, 0.6)
    m.event("autopilot", 0.9, 212, HRESULT=Code(0), VulnerabilityDetected=Signed(1), VulnerabilityFlags=4)
    m.event("autopilot", 1.0, 171, 2, HRESULT=Code(0x81039024))
    m.event("autopilot", 1.001, 172, 2, HRESULT=Code(0x81039024))
    m.event("autopilot", 1.01, 180, 2, State=1, HRESULT=Code(0x81039024))
    m.event("autopilot", 1.02, 301, 2, State=1, HRESULT=Code(0x81039024))
    chip(m, "IFX", "Infineon", "7.62.3126.0", ready=False)
    text = m.texts["TpmHliInfo_Output.txt"].decode()
    m.texts["TpmHliInfo_Output.txt"] = text.replace(
        "Vulnerable Firmware: False", "Vulnerable Firmware: True"
    ).encode()
    lived(m, 12)
    return m.as_zip(folder)
