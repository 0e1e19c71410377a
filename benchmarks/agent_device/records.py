"""What the agent writes: records on a flow's clock, files of records, and what rots in them.

A record that nobody can read any more (rolled over, torn, its file not collected) is `lost`; the truth asks
for that before it demands anything.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

IME = "IntuneManagementExtension"
WORKLOAD = "AppWorkload"
ACTIONS = "AppActionProcessor"
EXECUTOR = "AgentExecutor"
HEALTH = "HealthScripts"
CLIENT = "ClientHealth"
LINE_END = "\r\n"
BOM = "\ufeff"


@dataclass(eq=False)
class Record:
    at: datetime
    log: str
    message: str
    thread: int = 4
    severity: int = 1
    lost: bool = False
    line: int | None = None
    member: str = ""

    def text(self, zone: ZoneInfo) -> str:
        local = self.at.astimezone(zone)
        ticks = f"{local:%H:%M:%S}.{local.microsecond:06d}{self.thread % 10}"
        day = f"{local.month}-{local.day}-{local.year}"
        return (
            f'<![LOG[{self.message}]LOG]!><time="{ticks}" date="{day}" component="{self.log}" '
            f'context="" type="{self.severity}" thread="{self.thread}" file="">'
        )


@dataclass
class Flow:
    """One thread of work with its own clock; what it writes falls into the device's records."""

    records: list[Record]
    chance: random.Random
    at: datetime
    thread: int
    logs: dict[str, str] = field(default_factory=dict)

    def say(self, log: str, message: str, *, severity: int = 1) -> Record:
        self.at += timedelta(milliseconds=self.chance.randrange(2, 30))
        thread = 1 if log == EXECUTOR else self.thread
        record = Record(self.at, self.logs.get(log, log), message.replace("\n", LINE_END), thread, severity)
        self.records.append(record)
        return record

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def in_order(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: record.at)


def tear(records: list[Record], chance: random.Random, share: float) -> dict[int, bool]:
    """Return the positions of records that a second writer cut, and whether the head is what is left.

    A head without its end may swallow the record behind it, so both are lost.
    """
    torn = {place: chance.random() < 0.2 for place in range(1, len(records)) if chance.random() < share}
    for place, head in torn.items():
        for record in records[place : place + 1 + head]:
            record.lost = True
    return torn


def write_log(
    member: str,
    records: list[Record],
    *,
    zones: list[tuple[datetime, ZoneInfo]],
    torn: dict[int, bool],
    appended: set[int],
) -> bytes:
    """Return the file's bytes, and leave in each record the line where it starts."""
    parts = [BOM]
    line = 1
    for place, record in enumerate(records):
        zone = next(zone for since, zone in reversed(zones) if record.at >= since)
        text = record.text(zone)
        if place in torn:
            half = 7 + max(5, len(record.message) // 2)
            text = text[:half] if torn[place] else text[half:]
        record.line, record.member = line, member
        line += text.count("\n") + 1
        parts.append((BOM if place in appended else "") + text + LINE_END)
    return "".join(parts).encode()
