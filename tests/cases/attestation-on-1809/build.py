"""Self-deploying on Windows 10 1809: three tries at attestation, a time-out."""

from __future__ import annotations

from pathlib import Path

from cases import stages
from cases.building import Device, Hex32, utc

TIME_OUT = 0x800705B4
CHIP = """-TPM Present: True
-TPM Version: 2.0
-TPM Manufacturer ID: INTC
-TPM Manufacturer Full Name: Intel
-TPM Manufacturer Version: 401.1.0.0
-Is Initialized: True
-Ready For Storage: True
-Ready For Attestation: True
-Is Capable For Attestation: True
-TPM Has Vulnerable Firmware: False
"""


def build(folder: Path) -> Path:
    d = Device(
        "attestation-on-1809",
        utc(2018, 12, 20, 10, 0),
        build="17763.195",
        name="DESKTOP-4K7Q2LM",
        serial="CO-70260-N",
        zone="America/New_York",
    )
    log = "old-autopilot"
    stages.boot(d, -2)
    stages.network(d, 0)
    d.event(log, 0.1, 164)
    d.event(log, 0.2, 160)
    d.event(log, 0.4, 161)
    d.event(log, 0.41, 153, InitialState=0, UpdateState=3)
    d.event(log, 0.5, 101, Message1="CloudAssignedOobeConfig", Int1=1406)
    d.event(log, 0.5, 103, Message1="CloudAssignedTenantDomain", Message2=d.domain)
    d.event(log, 0.51, 111)
    stages.profile_keys(d, 0, "self-deploying")
    d.event(log, 1, 178, Int1=0)
    d.event(log, 1.01, 179, State=1)
    for n in range(3):
        t = 1.2 + n * 4
        d.event(log, t, 177, 3, Uint1=n + 1, Uint2=3)
        d.event(log, t + 0.1, 150)
        d.event(log, t + 0.2, 151)
        d.event(log, t + 1.5, 176, Uint1=3, Uint2=6)
        d.event(log, t + 1.6, 152)
        d.event(log, t + 1.7, 182, UInt1=120000)
        d.event(log, t + 3.7, 183)
    d.event(log, 14, 171, 2, HRESULT=Hex32(TIME_OUT))
    d.event(log, 14.01, 172, 2, HRESULT=Hex32(TIME_OUT))
    d.event(log, 14.02, 180, 2, State=1, HRESULT=Hex32(TIME_OUT))
    d.event(log, 14.03, 301, 2, State=1, HRESULT=Hex32(TIME_OUT))
    d.text("TpmHliInfo_Output.txt", CHIP)
    d.collected = 25
    return d.as_cabinet(folder)
