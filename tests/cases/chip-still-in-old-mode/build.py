"""A kiosk whose TPM runs in 1.2 mode."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at, compact
from cases.outside_noise import lived
from cases.outside_stages import ask_join, boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "chip-still-in-old-mode",
        at(2025, 10, 22, 11, 30),
        name="DESKTOP-QH7T2RD",
        serial="WS-3513-N",
        build="19045.6332",
        zone="Europe/London",
    )
    lived(m, 25)
    boot(m, -4)
    profile(m, 0, "self", name="Kiosks")
    m.event("autopilot", 1, 178, Int1=0)
    m.event("autopilot", 1.01, 179, State=1)
    m.event("autopilot", 1.2, 211, 2, HRESULT=Code(0x80070032))
    m.event("autopilot", 1.3, 179, State=3)
    ask_join(m, 1.4, token=False)
    m.event(
        "join",
        1.8,
        204,
        2,
        ExitCode=Signed(-2145647638),
        ActivityId=m.id("a"),
        HttpStatus=400,
        ServerResponse=compact(
            {
                "code": "invalid_request",
                "message": "Failed to verify the device's attestation.",
                "operation": "DeviceJoin",
            }
        ),
    )
    m.event("autopilot", 1.9, 180, 2, State=3, HRESULT=Code(0x801C03EA))
    m.event("autopilot", 1.91, 301, 2, State=3, HRESULT=Code(0x801C03EA))
    m.text(
        "TpmHliInfo_Output.txt",
        "-TPM Present: True\n-TPM Version: 1.2\n-TPM Manufacturer ID: IFX\n-TPM Manufacturer Full Name: Infineon\n"
        "-TPM Manufacturer Version: 6.43.243.0\n-Is Initialized: True\n-Ready For Storage: True\n-Ready For Attestation: False\n"
        "-Is Capable For Attestation: False\n-TPM Has Vulnerable Firmware: False\n",
    )
    return m.as_cab(folder)
