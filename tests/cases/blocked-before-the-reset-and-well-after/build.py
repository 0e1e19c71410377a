"""Two cabinets of one kiosk: refused as used before; after the block was taken away and Windows reset, all is well."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_hardware import attest
from cases.outside_noise import lived
from cases.outside_page import finish, ready
from cases.outside_stages import boot, join, profile, refused

SERIAL = "WS-8305-E"


def build(folder: Path) -> Path:
    path = folder / "blocked-before-the-reset-and-well-after"
    for part in ("before", "after"):
        (path / part).mkdir(parents=True)
    m = Machine(
        "blocked-before-the-reset-and-well-after",
        at(2026, 5, 5, 9, 0),
        name="WS-8305",
        serial=SERIAL,
        fresh="DESKTOP-7HJ2PQA",
    )
    lived(m, 20)
    boot(m, -4)
    profile(m, 0, "self")
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
        2.5,
        0x80180014,
        "DeviceNotSupported",
        "Enrollment blocked for AP device by SDM One Time Limit Check",
    )
    m.event("autopilot", 2.9, 180, 2, State=6, HRESULT=Code(0x80180014))
    m.event("autopilot", 2.91, 301, 2, State=6, HRESULT=Code(0x80180014))
    m.as_cab(path / "before")

    m = Machine(
        "blocked-before-the-reset-and-well-after",
        at(2026, 5, 6, 9, 0),
        name="WS-8305",
        serial=SERIAL,
        fresh="DESKTOP-M4K1ZTB",
    )
    lived(m, 30)
    t = ready(m, "self")
    announced(m, t + 0.3, "Archive Tool", "Shift Board")
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, "Shift Board")
    finish(m, t + 6, user=False)
    m.as_cab(path / "after")
    return path
