"""A night in standby, with a late record: no step at all."""

from __future__ import annotations

from pathlib import Path

from cases import deployment, stages
from cases.building import HOUR, Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "standby-is-no-step",
        utc(2025, 11, 10, 8, 0),
        name="WT-5150",
        serial="WT-5150-Y",
        domain="wingtip.example",
    )
    deployment.whole(d)
    asleep, awake = 6 * HOUR, 22 * HOUR
    d.event("power", asleep, 42, TargetState=4, EffectiveState=4, Reason=7, Flags=4, TransitionsToOn=2)
    d.event("power", awake, 107, TargetState=4, EffectiveState=4, WakeFromState=4)
    d.event(
        "kernel",
        awake + 0.01,
        1,
        NewTime=d.true(awake),
        OldTime=d.true(asleep),
        TimeDeltaInMs=57_600_000,
        Reason=2,
        ProcessID=4,
        ProcessName="",
        TimeZoneBias=-60,
    )
    d.event(
        "eventlog", awake + 0.02, 6013, unnamed=["", "", "", "", "79200", "60", "-60 W. Europe Standard Time"]
    )
    d.event(
        "service",
        awake + 0.03,
        7040,
        at=d.true(asleep + 0.02),
        param1="Background Intelligent Transfer Service",
        param2="demand start",
        param3="auto start",
        param4="BITS",
    )
    stages.session(d, awake + 2)
    d.collected = awake + 30
    return d.as_collection(folder)
