"""The agent's log runs in OOBE's Pacific time, nine hours behind the technician's zone."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "agent-log-in-pacific-time",
        utc(2025, 6, 17, 9, 0),
        name="CO-31907",
        serial="CO-31907-I",
        zone="America/Los_Angeles",
    )
    t = deployment.until_setup(d, apps=2)
    d.event(
        "kernel",
        0.5,
        1,
        NewTime=d.true(0.5),
        OldTime=d.true(0.5),
        TimeDeltaInMs=0,
        Reason=3,
        ProcessID=700,
        ProcessName=r"\Device\HarddiskVolume3\Windows\System32\oobe\msoobe.exe",
        TimeZoneBias=420,
    )
    d.event("eventlog", 3, 6013, unnamed=["", "", "", "", "240", "60", "480 Pacific Standard Time"])
    agent.app(d, t + 0.2, "Archive Tool")
    agent.app(d, t + 4, "Route Planner", 1619, minutes=1)
    status_page.page_fails(d, t + 5.2, "DeviceSetup.Apps", 0x80070653)
    d.category("DeviceSetup", "failed", **status_page.FINE, Apps=("failed", "Apps (Error: 0x80070653)"))
    d.collected = t + 14
    return d.as_zip(folder)
