"""A file that an export query made: two channels, sorted by time, across a clock step."""

from __future__ import annotations

from pathlib import Path

from cases import deployment
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "two-channels-in-one-file",
        utc(2025, 12, 15, 12, 0),
        build="22631.6199",
        name="ADT-6020",
        serial="ADT-6020-N",
        domain="adatum.example",
    )
    d.wrong_until(0.9, 10)
    deployment.whole(d)
    d.event(
        "kernel",
        0.91,
        1,
        NewTime=d.true(0.9),
        OldTime=d.clock(0.899),
        TimeDeltaInMs=-36_000_000,
        Reason=1,
        ProcessID=1300,
        ProcessName=r"\Device\HarddiskVolume3\Windows\System32\svchost.exe",
        TimeZoneBias=420,
    )
    for n, minute in enumerate((-0.6, 0.4, 2, 6, 9, 14)):
        d.event(
            "licensing",
            minute,
            (1003, 8224, 1003, 8198, 16394, 16384)[n],
            2 if n == 3 else 4,
            unnamed=[f"step {n}", "0x0"],
        )
        d.event("integrity", minute + 0.1, 3085, 3, FileNameLength=4, FileNameBuffer=f"a{n}.dll")
    path = folder / "two-channels-in-one-file"
    plain = d.as_folder(folder)
    for name in ("Application.evtx", "Microsoft-Windows-CodeIntegrity%4Operational.evtx"):
        (plain / name).unlink()
    (plain / "SppDiagEvents.evtx").write_bytes(
        d.exported("Application", "Microsoft-Windows-CodeIntegrity/Operational")
    )
    return path
