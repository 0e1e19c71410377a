"""Self-deploying: the hardware is secured, then the join is refused because the device's object was deleted."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, Signed, at, compact
from cases.outside_hardware import attest, chip
from cases.outside_noise import lived
from cases.outside_stages import ask_join, boot, profile


def build(folder: Path) -> Path:
    m = Machine(
        "directory-object-gone-before-the-join",
        at(2026, 1, 28, 14, 0),
        build="26100.3194",
        zone="America/New_York",
    )
    boot(m, -4)
    profile(m, 0, "self")
    attest(m, 0.6)
    m.event("autopilot", 1.4, 208)
    m.event("autopilot", 1.5, 251, HRESULT=Code(0), UInt1=39000000, UInt2=600000)
    m.event("autopilot", 1.51, 169)
    m.event("autopilot", 1.52, 181, State=1, HRESULT=Code(0))
    m.event("autopilot", 1.6, 179, State=3)
    ask_join(m, 1.7, token=False)
    m.event("join", 1.86, 103, AuthToken="")
    answer = {
        "code": "invalid_request",
        "subcode": "error_missing_device",
        "message": "The device object by the given id is not found.",
        "operation": "DeviceJoin",
        "requestid": m.id("request"),
        "time": f"{m.clock(1.9):%m-%d-%Y %H:%M:%SZ}",
    }
    m.event(
        "join",
        1.95,
        204,
        2,
        ExitCode=Signed(0x801C03F3 - (1 << 32)),
        ActivityId=m.id("join"),
        HttpStatus=400,
        ServerResponse=compact(answer),
    )
    m.event("join", 1.951, 205, 2, ExitCode=Signed(0x801C03F3 - (1 << 32)))
    m.event("autopilot", 2, 180, 2, State=3, HRESULT=Code(0x801C03F3))
    m.event("autopilot", 2.01, 301, 2, State=3, HRESULT=Code(0x801C03F3))
    chip(m, "NTC", "Nuvoton Technology", "7.2.3.1")
    lived(m, 18)
    return m.as_cab(folder)
