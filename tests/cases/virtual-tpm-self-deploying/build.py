"""Self-deploying on a virtual machine."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device(
        "virtual-tpm-self-deploying",
        utc(2025, 1, 14, 13, 30),
        build="26100.2894",
        name="DESKTOP-4K7Q2LM",
        serial="7213-4470-0031-9921",
        domain="contoso.example",
    )
    stages.boot(d, -1)
    stages.profile(d, 0, "self-deploying")
    d.event("autopilot", 1, 178, Int1=0)
    d.event("autopilot", 1, 179, State=1)
    d.event("autopilot", 1.2, 211, 2, HRESULT=Hex32(0x80070032))
    d.event("autopilot", 16.2, 171, 2, HRESULT=Hex32(0x800705B4))
    d.event("autopilot", 16.2, 180, 2, State=1, HRESULT=Hex32(0x800705B4))
    d.event("autopilot", 16.2, 301, 2, State=1, HRESULT=Hex32(0x800705B4))
    d.text(
        "TpmHliInfo_Output.txt",
        "-TPM Present: True\n-TPM Version: 2.0\n-TPM Manufacturer ID: MSFT\n"
        "-TPM Manufacturer Full Name: Microsoft\n-TPM Manufacturer Version: 8217.4131.22.13878\n-Is Initialized: True\n"
        "-Ready For Storage: True\n-Ready For Attestation: False\n-Is Capable For Attestation: False\n",
    )
    d.collected = 30
    return d.as_cabinet(folder)
