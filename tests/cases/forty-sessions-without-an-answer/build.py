"""No session with the management service gets an answer."""

from __future__ import annotations

from pathlib import Path

from cases.outside import TRACKING, Code, Machine, Signed, at
from cases.outside_noise import lived
from cases.outside_page import page_fails, part, state
from cases.outside_stages import boot, enrol, join, profile


def build(folder: Path) -> Path:
    m = Machine(
        "forty-sessions-without-an-answer",
        at(2025, 12, 9, 13, 0),
        name="WS-3206",
        serial="WS-3206-F",
        build="22631.4317",
    )
    lived(m, 90)
    boot(m, -4)
    profile(m, 0)
    join(m, 2.2)
    enrol(m, 3)
    part(m, 4, "DevicePreparation", "PolicyProviders")
    m.event("autopilot", 4.3, 287, Message1="Sidecar", Message2="DevicePreparation")
    for n in range(40):
        w = 4.4 + n * 1.4
        m.event(
            "sync",
            w,
            208,
            Message1=m.enrolment,
            Message2="https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx",
            Message3="4.0",
            Message4="1.2",
            HexInt1=Code(0),
            HexInt2=Code(0),
            HexInt3=Code(0),
            HexInt4=Code(0),
            UInt1=1,
            UInt2=0,
        )
        m.event("sync", w + 0.4, 204, 2, HRESULT=Code(0x80072EFD))
        m.event("sync", w + 0.41, 209, HRESULT=Code(0x80072EFD))
    m.event("autopilot", 19.4, 289, 2, Message1="Sidecar", Message2="DevicePreparation", Int1=Signed(15))
    m.key(
        rf"{TRACKING}\Device\DevicePreparation\PolicyProviders\Sidecar",
        InstallationState=1,
        LastError=0,
        Timeout=15,
    )
    state(
        m, "DevicePreparation", "failed", PolicyProviders=("failed", "Policy providers (Error: 0x800705B4)")
    )
    page_fails(m, 63, "DevicePreparation.PolicyProviders", 0x800705B4, timeout=True)
    return m.as_zip(folder)
