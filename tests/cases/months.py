"""Months of healthy life around a failure: the event logs of genuine machines, laid into an export's own logs.

A machine's records keep their fields, their order and the steps of its clock; only their instants move, all by
one span, and they carry the export's computer name. Each channel becomes one log again, ids rising throughout.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl

from autopilot_analysis.export import open_export
from autopilot_analysis.readers import read_tables
from autopilot_analysis.samples.formats.archive import write_archive
from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log

COLLECTED = (
    r"(?i)^(?:System|Application|Microsoft-Windows-(?:ModernDeployment-|DeviceManagement-|Provisioning-|Shell-Core"
    r"|User Device Registration|AAD|AppXDeploymentServer|AppReadiness|Time-Service|HelloForBusiness|NCSI"
    r"|NetworkProfile|WindowsUpdateClient|Crypto-NCrypt|Bits-Client).*)$"
)
"""Channels that the tools of a collection ask for."""
LONGEST = 3_000
"""So many of a machine's last records are laid in: one machine logged for six years."""
ROUTINE = (pl.col("channel") == "Microsoft-Windows-AppXDeploymentServer/Operational") & (pl.col("level") > 3)
"""Thousands of records about Store apps that went well, left out for the time it takes to write them."""
WEEKS = timedelta(weeks=5)
"""From one machine's last record to the next machine's first, and to the export's own records."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


@cache
def machine(path: Path) -> pl.DataFrame:
    """The collected channels of a machine, in the order in which each was written."""
    with open_export(path) as export:
        events = read_tables(export).events
    kept = events.filter(
        pl.col("channel").str.contains(COLLECTED), pl.col("recorded_at").is_not_null(), ~ROUTINE
    )
    return kept.sort("at", "channel", "record", nulls_last=True).tail(LONGEST)


def lay(export: Path, before: list[Path], after: list[Path], folder: Path) -> Path:
    """Write the export again with machines' lives before and after its own records; return its path."""
    with open_export(export) as opened:
        own = read_tables(opened).events
    name = own["computer"].drop_nulls()[-1] if own.height else "DESKTOP-4K7Q2LM"
    parts, first = [own], own["recorded_at"].min()
    for life in reversed([machine(path) for path in before]):
        parts.insert(0, _moved(life, first - WEEKS - life["recorded_at"].max(), name))
        first = parts[0]["recorded_at"].min()
    last = own["recorded_at"].max()
    for life in [machine(path) for path in after]:
        parts.append(_moved(life, last + WEEKS - life["recorded_at"].min(), name))
        last = parts[-1]["recorded_at"].max()
    path = folder / export.name
    path.write_bytes(write_archive({**_members(export), **_logs(parts, dict(_channels(own)))}))
    return path


def _members(export: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(export) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _channels(own: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """The member that holds each channel of the export, by the channel's name in lower case."""
    for channel, member in own.select("channel", "member").unique(maintain_order=True).iter_rows():
        yield channel.lower(), member


def _logs(parts: list[pl.DataFrame], members: dict[str, str]) -> dict[str, bytes]:
    logs: dict[str, list[EventRecord]] = {}
    for part in parts:
        for row in part.sort("channel", "record").iter_rows(named=True):
            kept = logs.setdefault(row["channel"].lower(), [])
            kept.append(_record(row, len(kept) + 1))
    return {
        members.get(channel, f"{records[0].channel.replace('/', '%4')}.evtx"): write_event_log(records)
        for channel, records in sorted(logs.items())
    }


def _moved(life: pl.DataFrame, by: timedelta, computer: str) -> pl.DataFrame:
    def later(found: re.Match[str]) -> str:
        return f"{datetime.fromisoformat(found[0]) + by:%Y-%m-%dT%H:%M:%S.%f}Z"

    moved = [_INSTANT.sub(later, data or "{}") for data in life["data"]]
    return life.with_columns(pl.col("recorded_at") + by, data=pl.Series(moved), computer=pl.lit(computer))


def _record(row: dict, number: int) -> EventRecord:
    return EventRecord(
        record_id=number,
        at=row["recorded_at"],
        provider=row["provider"],
        provider_guid=None,
        event_id=row["event_id"],
        channel=row["channel"],
        computer=row["computer"],
        version=row["version"] or 0,
        level=row["level"] or 0,
        process_id=row["process_id"] or 0,
        thread_id=row["thread_id"] or 0,
        user_sid=row["user_sid"],
        data=_fields(row["data"]),
    )


def _fields(data: str | None) -> dict:
    """Fields as the writer takes them: texts, numbers and truths; what is nested stays as its text."""
    fields = json.loads(data or "{}")
    unnamed = fields.pop("Data", None)
    if isinstance(unnamed, list):
        fields = {"": ["" if text is None else str(text) for text in unnamed]}
    return {
        key: value if isinstance(value, str | list) or (type(value) is int and abs(value) < 2**31) or isinstance(value, bool)
        else "" if value is None else str(value)
        for key, value in fields.items()
    }  # fmt: skip
