"""A used laptop goes to the technician again: saved from the Event Viewer as XML."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_hardware import attest
from cases.outside_noise import lived
from cases.outside_stages import boot, join, leave, profile, refused


def build(folder: Path) -> Path:
    m = Machine(
        "sealed-once-and-sent-again",
        at(2026, 7, 28, 11, 30),
        name="WS-0488",
        serial="WS-0488-P",
        build="26100.6584",
    )
    lived(m, 30)
    boot(m, -4)
    profile(m, 0, "seal")
    attest(m, 0.6)
    m.event("autopilot", 1.4, 208)
    m.event("autopilot", 1.5, 205)
    m.event("autopilot", 1.51, 251, HRESULT=Code(0), UInt1=48000000, UInt2=600000)
    m.event("autopilot", 1.52, 169)
    m.event("autopilot", 1.53, 181, State=1, HRESULT=Code(0))
    m.event("autopilot", 1.6, 179, State=3)
    join(m, 1.7, token=False)
    m.event("autopilot", 2.1, 181, State=3, HRESULT=Code(0))
    m.event("autopilot", 2.2, 179, State=6)
    refused(
        m,
        2.3,
        0x80180014,
        "s:DeviceNotSupported",
        "Enrollment blocked for AP device by SDM One Time Limit Check",
    )
    m.event("autopilot", 2.7, 180, 2, State=6, HRESULT=Code(0x80180014))
    m.event("autopilot", 2.71, 301, 2, State=6, HRESULT=Code(0x80180014))
    leave(m, 3.2)
    m.texts.clear()
    return m.as_viewer(folder)
