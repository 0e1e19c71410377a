"""System.evtx alone, three weeks of a laptop: nothing of a deployment in it."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CHANNELS, DAY, Code, Machine, Signed, at
from cases.outside_noise import corrected, days
from cases.outside_stages import boot


def build(folder: Path) -> Path:
    m = Machine(
        "system-log-of-a-quiet-laptop", at(2026, 8, 3, 6, 0), build="26100.8737", zone="America/Sao_Paulo"
    )
    days(m, 0, 21)
    corrected(m, 2 * DAY + 40, 0.4)
    m.event("power", 5 * DAY + 900, 42, TargetState=4, EffectiveState=5)
    m.event(
        "kernel",
        6 * DAY + 20,
        1,
        TimeDeltaInMs=Signed(33_000_000),
        Reason=2,
        ProcessName="",
        ProcessID=4,
        TimeZoneBias=Signed(180),
    )
    boot(m, 9 * DAY + 700, crashed=True)
    for n in range(4):
        m.event(
            "update",
            (11 + n) * DAY + 50,
            20,
            2,
            errorCode=Code(0x80070490),
            updateTitle="Contoso - Firmware - 1.19.0",
            updateGuid="{" + m.id("firmware") + "}",
            updateRevisionNumber=1,
        )
    m.event(
        "update",
        15 * DAY + 50,
        19,
        updateTitle="Contoso - Firmware - 1.19.0",
        updateGuid="{" + m.id("firmware") + "}",
        updateRevisionNumber=1,
    )
    m.drop(*(name for name, (_, _, channel) in CHANNELS.items() if channel != "System"))
    m.texts.clear()
    return next(m.as_folder(folder).glob("*.evtx"))
