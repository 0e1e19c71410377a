"""Two records out of order by seconds stand before the real step of eleven hours."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import Device, Hex32, utc


def build(folder: Path) -> Path:
    d = Device(
        "small-fall-before-the-step",
        utc(2026, 6, 9, 11, 0),
        build="26100.6584",
        name="CO-47470",
        serial="CO-47470-B",
    )
    d.wrong_until(9.5, 11)
    t = deployment.until_setup(d, apps=2)
    d.event(
        "admin",
        4.9,
        813,
        Message1="AllowTelemetry",
        Message2="System",
        Message3=d.enrollment,
        Message4="Device",
        HexInt1=Hex32(1),
        HexInt2=Hex32(6),
        HexInt3=Hex32(0),
    )
    d.event(
        "admin",
        4.91,
        815,
        at=d.clock(4.84),
        Message1="Start",
        Message2="Layout",
        Message3=d.enrollment,
        Message4="Device",
        HexInt1=Hex32(1),
        HexInt2=Hex32(6),
    )
    d.event(
        "kernel",
        9.51,
        1,
        NewTime=d.true(9.5),
        OldTime=d.clock(9.499),
        TimeDeltaInMs=-39_600_000,
        Reason=1,
        ProcessID=1300,
        ProcessName=r"\Device\HarddiskVolume3\Windows\System32\svchost.exe",
        TimeZoneBias=420,
    )
    agent.app(d, t + 0.2, "Archive Tool")
    agent.app(d, t + 4, "Contoso Reader")
    stages.session(d, 9.6)
    status_page.device_done(d, t + 8)
    status_page.account_setup(d, t + 9)
    status_page.account_done(d, t + 11)
    stages.desktop(d, t + 11.5)
    d.event(
        "admin",
        t + 9.5,
        813,
        Message1="AllowCortana",
        Message2="Experience",
        Message3=d.enrollment,
        Message4="Device",
        HexInt1=Hex32(0),
        HexInt2=Hex32(6),
        HexInt3=Hex32(0),
    )
    d.collected = t + 30
    return d.as_zip(folder)
