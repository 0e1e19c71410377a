"""The clock is twelve and a half hours ahead until the service's answer corrects it."""

from __future__ import annotations

from pathlib import Path

from cases import agent, noise, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device("clock-twelve-hours-ahead", utc(2025, 9, 16, 14, 0), name="CO-82204", serial="CO-82204-W")
    d.wrong_until(0.96, 12.47)
    noise.packages(d, -0.5, 2)
    stages.boot(d, -1)
    d.event("autopilot", 0.05, 286)
    d.event("autopilot", 0.05, 285)
    d.event("autopilot", 0.06, 164)
    d.event("autopilot", 0.8, 750, 2)
    server, client = (f"{when:%Y-%m-%dT%H:%M:%SZ}" for when in (d.true(0.95), d.clock(0.95)))
    d.event(
        "autopilot", 0.95, 753, 3, ServerTime=server, ClientTime=client, AttemptNumber=-747, MaxAttempts=3
    )
    d.event(
        "kernel",
        0.97,
        1,
        NewTime=d.true(0.96),
        OldTime=d.clock(0.959),
        TimeDeltaInMs=-44_892_000,
        Reason=1,
        ProcessID=1100,
        ProcessName=r"\Device\HarddiskVolume3\Windows\System32\svchost.exe",
        TimeZoneBias=420,
    )
    d.event("autopilot", 0.97, 751)
    stages.profile(d, 1)
    stages.join(d, 3)
    stages.enrol(d, 4)
    status_page.preparation(d, 5, 1)
    status_page.device_setup(d, 7)
    agent.app(d, 7.2, "Ledger Client", 1603, minutes=3)
    status_page.page_fails(d, 10.4, "DeviceSetup.Apps", 0x80070643)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070643)"))
    d.collected = 20
    return d.as_zip(folder)
