"""A board without a battery: at each start the clock stands at New Year 2021 until the time service sets it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cases.outside import Machine, Signed, at
from cases.outside_agent import announced, app
from cases.outside_noise import collector, first_hours
from cases.outside_page import agent_comes, device_setup, finish
from cases.outside_stages import boot, enrol, halt, join, profile, sync

NEW_YEAR = at(2021, 1, 1, 0, 0)


def stands_back(m: Machine, start: float, until: float) -> None:
    """From a start until it is set, the clock counts from New Year."""
    behind = (NEW_YEAR - m.start).total_seconds() / 60 - start
    m.skew += [(until, behind), (start - 0.001, -behind)]
    old: datetime = m.clock(until - 0.0001)
    m.event(
        "kernel",
        until,
        1,
        NewTime=m.clock(until),
        OldTime=old,
        TimeDeltaInMs=Signed(round(-behind * 60000)),
        Reason=1,
        ProcessName=r"\Device\HarddiskVolume3\Windows\System32\svchost.exe",
        ProcessID=1460,
        TimeZoneBias=Signed(-60),
    )


def build(folder: Path) -> Path:
    m = Machine("clock-falls-back-at-each-start", at(2026, 3, 9, 8, 0), zone="Europe/Brussels")
    stands_back(m, -4, 0.5)
    stands_back(m, 11, 12.5)
    first_hours(m, -3.5)
    boot(m, -4)
    profile(m, 1)
    join(m, 2.5)
    enrol(m, 3.2)
    agent_comes(m, 4, 2)
    device_setup(m, 6)
    announced(m, 6.1, "Archive Tool", "Reader")
    app(m, 6.3, "Archive Tool")
    halt(m, 10, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    boot(m, 11)
    sync(m, 11.8, 0x80072F8F)
    sync(m, 13)
    announced(m, 13.5, "Reader")
    app(m, 13.7, "Reader")
    finish(m, 18)
    m.collected = 60
    collector(m, 59.9)
    return m.as_zip(folder)
