"""The first query meets no network, the second brings the profile, all goes well."""

from __future__ import annotations

from pathlib import Path

from cases import deployment, stages
from cases.building import Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device("retry-then-profile", utc(2025, 10, 6, 6, 20), name="CO-44018", serial="CO-44018-J")
    stages.boot(d, -2)
    d.event("autopilot", -0.9, 705, Message1="DdsZtdPolicyManager")
    d.event("autopilot", -0.89, 164)
    d.event("autopilot", -0.888, 710, 2, HRESULT=Hex32(0x800704CF), Message1="https://ztd.dds.microsoft.com")
    d.event(
        "autopilot",
        -0.887,
        706,
        3,
        HRESULT=Hex32(0x800704CF),
        Message1="DdsZtdPolicyManager",
        Message2="zT1.1.0",
    )
    deployment.whole(d)
    return d.as_collection(folder, flat=False)
