"""Boots, shutdowns, renames, sleep, clock steps, power, the agent's starts: what frames everything else."""

from __future__ import annotations

from datetime import timedelta

import dataframely as dy
import polars as pl

from autopilot_analysis.clock import find_steps
from autopilot_analysis.facts.boot_events import boot_rank
from autopilot_analysis.readers.trace_log.header_rows import BOOTED, SECTION
from autopilot_analysis.tables import Step, Tables
from autopilot_analysis.tables.story import BOOT, CLOCK_STEP, RENAME, SHUTDOWN, SLEEP
from autopilot_analysis.tables.typed import checked, empty, once_where_empty
from autopilot_analysis.trace.steps.agent_life import find_agent_steps
from autopilot_analysis.trace.steps.power import built, find_power_steps
from autopilot_analysis.wording import IN_ZONE, TO_THE_SECOND

SAME_BOOT = timedelta(minutes=2)
"""Two tellings of a start that lie so near one another are of one start."""
NO_AMOUNT = pl.lit(None, dtype=pl.Duration("us"))


def _system(provider: str, event_id: int) -> pl.Expr:
    return (pl.col("provider") == provider) & (pl.col("event_id") == event_id)


def _field(name: str) -> pl.Expr:
    return pl.col("data").str.json_path_match(f"$.{name}")


def _of_kind(rows: pl.DataFrame, kind: str, detail: pl.Expr) -> pl.DataFrame:
    return rows.select(
        "device", "at", kind=pl.lit(kind), detail=detail, amount=NO_AMOUNT, member="member", record="record"
    )


@once_where_empty
def _boots(events: pl.DataFrame) -> pl.DataFrame:
    """Starts of Windows, each with the build that the log names beside it."""
    starts = events.with_columns(rank=boot_rank()).drop_nulls("rank")
    surest = starts.filter(pl.col("rank") == pl.col("rank").min().over("device"))
    records = _once_each(surest.sort("rank", maintain_order=True)).with_row_index("start")
    revision = pl.concat_str(_field("BuildVersion"), pl.lit("."), _field("QfeVersion"))
    near = records.select("start", "device", begun_at="at").join(built(events), on="device")
    beside = near.filter((pl.col("at") - pl.col("begun_at")).abs() <= SAME_BOOT)
    named = records.join(beside.unique("start").select("start", "build"), on="start", how="left")
    build = pl.coalesce(revision, _field("BuildVersion"), "build")
    return _of_kind(named.sort("start"), BOOT, pl.concat_str(pl.lit("build "), build))


def _once_each(starts: pl.DataFrame) -> pl.DataFrame:
    """Return starts without those that another event told shortly before."""
    before = pl.struct("provider", "event_id").shift().over("device", order_by="at")
    since = pl.col("at") - pl.col("at").shift().over("device", order_by="at")
    again = (since <= SAME_BOOT) & (before != pl.struct("provider", "event_id"))
    return starts.filter(~again.fill_null(value=False))


def _boots_of_traces(tables: Tables, known: pl.DataFrame) -> pl.DataFrame:
    """Starts of the device that traces tell in their headers and no event log does, each once.

    Such a start was told on the clock of its trace, and moves with it.
    """
    booted = tables.properties.filter(pl.col("section") == SECTION, pl.col("name") == BOOTED)
    if booted.is_empty():
        return known.clear()
    moved = tables.events.group_by("device", "member").agg(
        move=(pl.col("at") - pl.col("recorded_at")).drop_nulls().first()
    )
    at = pl.col("value").str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", time_zone="UTC", strict=False
    )
    starts = (
        booted.join(moved, on=["device", "member"], how="left")
        .with_columns(at=at + pl.col("move").fill_null(pl.duration(seconds=0)))
        .drop_nulls("at")
        .sort("device", "at", "member")
    )
    again = (pl.col("at") - pl.col("at").shift()).over("device") <= SAME_BOOT
    starts = starts.filter(~again.fill_null(value=False)).with_row_index("place")
    near = starts.join(known.select("device", known_at="at"), on="device").filter(
        (pl.col("at") - pl.col("known_at")).abs() <= SAME_BOOT
    )
    new = starts.join(near.select("place").unique(), on="place", how="anti", maintain_order="left")
    return _of_kind(new, BOOT, pl.lit(None, dtype=pl.String))


@once_where_empty
def _shutdowns(events: pl.DataFrame) -> pl.DataFrame:
    """User32 1074 names who asked for the shutdown or restart."""
    asked = events.filter(_system("User32", 1074))
    return _of_kind(
        asked,
        SHUTDOWN,
        pl.concat_str(_field("param1"), pl.lit(" asked for "), _field("param5"), ignore_nulls=True),
    )


@once_where_empty
def _renames(events: pl.DataFrame) -> pl.DataFrame:
    """The computer name in the records of one log changes."""
    named = events.filter(pl.col("computer").is_not_null()).sort("device", "member", "record")
    changed = named.with_columns(old=pl.col("computer").shift().over("device", "member")).filter(
        pl.col("old").is_not_null(), pl.col("old").str.to_lowercase() != pl.col("computer").str.to_lowercase()
    )
    first = changed.sort("at").unique(["device", "old", "computer"], keep="first", maintain_order=True)
    return _of_kind(first, RENAME, pl.concat_str("old", pl.lit(" is now "), "computer"))


def _clock_steps(tables: Tables) -> pl.DataFrame:
    found = [
        find_steps(events).with_columns(device=pl.lit(device[0], dtype=pl.String))
        for device, events in tables.events.group_by("device")
    ]
    if not found:
        return empty(Step).with_columns(kind=pl.lit(CLOCK_STEP))
    steps = pl.concat(found).filter("corrects")
    detail = pl.concat_str(
        pl.lit("clock went from "),
        pl.col("old_at").dt.to_string(TO_THE_SECOND),
        pl.lit(" to "),
        pl.col("new_at").dt.to_string(TO_THE_SECOND),
        pl.lit(IN_ZONE),
    )
    return steps.select(
        "device",
        at="new_at",
        kind=pl.lit(CLOCK_STEP),
        detail=detail,
        amount="amount",
        member="member",
        record="record",
    )


@once_where_empty
def _sleeps(events: pl.DataFrame) -> pl.DataFrame:
    """Power-Troubleshooter 1 tells when the machine slept and woke."""
    rows = events.filter(_system("Microsoft-Windows-Power-Troubleshooter", 1))
    asleep, awake = (
        _field(name)
        .str.slice(0, 19)
        .str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", time_zone="UTC", strict=False)
        for name in ("SleepTime", "WakeTime")
    )
    return rows.select(
        "device",
        at=asleep,
        kind=pl.lit(SLEEP),
        detail=pl.lit(None, dtype=pl.String),
        amount=awake - asleep,
        member="member",
        record="record",
    )


def find_device_steps(tables: Tables) -> dy.DataFrame[Step]:
    """Return the boots, shutdowns, renames, sleeps, clock steps and the like of every device, by time."""
    events = tables.events
    boots = _boots(events)
    traced = _boots_of_traces(tables, boots)
    starts = pl.concat([boots, traced]).select("device", "at")
    lived = pl.concat([find_agent_steps(tables.log_lines, starts), find_power_steps(events)])
    found = [boots, traced, _shutdowns(events), _renames(events), _sleeps(events), _clock_steps(tables)]
    frame = pl.concat(
        f.select(*(name for name in Step.column_names() if name != "kind"), pl.col("kind").cast(pl.String))
        for f in (*found, lived.with_columns(amount=NO_AMOUNT))
    )
    return checked(frame.sort("device", "at", "kind"), Step)
