"""A managed device whose MDM channel holds events 807, 809, 815 and 908, which are policy events there."""

from __future__ import annotations

from pathlib import Path

from cases import deployment
from cases.building import Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device(
        "policy-events-807-908",
        utc(2025, 3, 3, 9, 0),
        build="22631.4890",
        name="WT-2290",
        serial="WT-2290-Q",
        domain="wingtip.example",
        zone="America/Chicago",
    )
    deployment.whole(d)
    for n, event_id in enumerate((807, 809, 815, 815, 809)):
        fields = {"HexInt1": Hex32(0x41C64E6D), "HexInt2": Hex32(0x13920028)}
        if event_id == 807:
            fields = {"UInt1": 4, "HRESULT": Hex32(0x86000011)}
        if event_id == 809:
            fields |= {"HexInt3": Hex32(0), "HexInt4": Hex32(0), "HexInt5": Hex32(0)}
        extra = {} if event_id == 807 else {"Message4": "Device"}
        d.event(
            "admin",
            7.5 + n * 0.01,
            event_id,
            4 if event_id == 815 else 2,
            Message1="AllowTelemetry",
            Message2="System",
            Message3=d.enrollment,
            **extra,
            **fields,
        )
    d.event(
        "admin",
        39.9,
        908,
        3,
        Message1=r"SOFTWARE\Microsoft\PolicyManager\Providers",
        HRESULT=Hex32(0x80070002),
    )
    d.collected = 40
    return d.as_cabinet(folder)
