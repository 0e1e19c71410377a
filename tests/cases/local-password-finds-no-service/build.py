"""One event log, Windows LAPS: its service in Entra cannot be found for two weeks."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, Machine, at
from cases.outside_fifteen import local_password, one_log
from cases.outside_seven import laps_cycle


def build(folder: Path) -> Path:
    m = Machine("local-password-finds-no-service", at(2026, 5, 4, 6, 5), name="WS-1506", named=0)
    laps_cycle(m, 5)
    for day in range(1, 14):
        for n in range(4):
            local_password(m, day * DAY + 12 + n * 60, 0x80072EE7)
    return one_log(m, folder, "Microsoft-Windows-LAPS%4Operational.evtx", "laps")
