"""Self-deploying on a TPM whose endorsement key has no certificate."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device(
        "tpm-without-ek-certificate",
        utc(2024, 9, 10, 11, 0),
        build="22631.4169",
        name="DESKTOP-4K7Q2LM",
        serial="KSK-0301",
        domain="contoso.example",
    )
    stages.boot(d, -1)
    stages.profile(d, 0, "self-deploying")
    d.event("autopilot", 1, 178, Int1=0)
    d.event("autopilot", 1, 179, State=1)
    d.event("autopilot", 1.1, 151)
    d.event("autopilot", 1.1, 190)
    d.event("autopilot", 1.2, 250)
    d.event("autopilot", 1.3, 209, 3)
    d.event("autopilot", 1.3, 210, 3)
    for n in range(5):
        d.event(
            "autopilot",
            2 + n * 0.6,
            192,
            HRESULT=Hex32(0x80070490),
            WaitMs=30000,
            AttemptNumber=n + 1,
            MaxAttempts=5,
        )
    d.event("autopilot", 5.2, 189, 2)
    d.event("autopilot", 5.2, 171, 2, HRESULT=Hex32(0x81039001))
    d.event("autopilot", 5.2, 172, 2, HRESULT=Hex32(0x81039001))
    d.event("autopilot", 5.21, 180, 2, State=1, HRESULT=Hex32(0x81039001))
    d.event("autopilot", 5.22, 301, 2, State=1, HRESULT=Hex32(0x81039001))
    d.text(
        "TpmHliInfo_Output.txt",
        "-TPM Present: True\n-TPM Version: 2.0\n-TPM Manufacturer ID: NTC\n"
        "-TPM Manufacturer Full Name: Nuvoton Technology\n-TPM Manufacturer Version: 7.2.1.0\n-Is Initialized: True\n"
        "-Ready For Storage: True\n-Ready For Attestation: False\n-Is Capable For Attestation: False\n"
        "-TPM Has Vulnerable Firmware: False\n",
    )
    d.collected = 15
    return d.as_cabinet(folder)
