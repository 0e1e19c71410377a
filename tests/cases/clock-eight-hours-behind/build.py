"""The clock is eight hours behind until the time service sets it, in the middle of enrolment."""

from __future__ import annotations

from pathlib import Path

from cases import deployment
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "clock-eight-hours-behind",
        utc(2025, 10, 28, 9, 0),
        build="22631.5909",
        name="FAB-9090",
        serial="FAB-9090-T",
        domain="fabrikam.example",
    )
    d.wrong_until(3.25, -8)
    deployment.whole(d)
    d.event(
        "kernel",
        3.26,
        1,
        NewTime=d.true(3.25),
        OldTime=d.clock(3.249),
        TimeDeltaInMs=28_800_000,
        Reason=1,
        ProcessID=1300,
        ProcessName=r"\Device\HarddiskVolume3\Windows\System32\svchost.exe",
        TimeZoneBias=-60,
    )
    return d.as_zip(folder)
