"""Events and log lines of one device placed in time, and what could not be placed."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import clock, wording
from autopilot_analysis.clock.offsets import FURTHEST, FURTHEST_BEHIND
from autopilot_analysis.readers.captured import Capture
from autopilot_analysis.readers.local_times import SAVE_LOG
from autopilot_analysis.readers.reading import Unread
from autopilot_analysis.readers.trace_log import alignment
from autopilot_analysis.readers.trace_log.gaps import COUNTED
from autopilot_analysis.tables.engines import engine_for

_AHEAD, _BEHIND = wording.span(FURTHEST), wording.span(FURTHEST_BEHIND)
_NO_ZONE = "its times are local and nothing tells the zone"
UNPLACED = f"{_NO_ZONE}: each instant lies within {_AHEAD} before and {_BEHIND} after"
ZONELESS = f"{_NO_ZONE}: they are shown as they were written, each up to {_AHEAD} off"


def place(frames: dict[str, pl.DataFrame], zone: str | None, capture: Capture) -> dict[str, pl.DataFrame]:
    """Put events and lines of one device on the corrected clock; steps too many to be followed are a gap."""
    if frames["events"].is_empty() and frames["log_lines"].is_empty():
        return frames
    counting = pl.col("member").is_in(alignment.counted_members(frames["properties"]))
    traced, logged = frames["events"].filter(counting), frames["events"].filter(~counting)
    listed, logged = clock.part_listed(logged)
    clock_steps = clock.recorded_steps(logged)
    if (beyond := clock_steps.height - clock.MOST_STEPS) > 0:
        reason = f"records of clock steps beyond the {clock.MOST_STEPS} widest were not followed"
        advice = "look for what keeps setting this device's clock; read its instants with doubt"
        capture.gaps.append((None, Unread(reason, count=beyond, advice=advice)))
    steps = clock.keep_steps(clock_steps)
    events = clock.correct(logged, steps)
    if traced.height:
        traced = alignment.align(traced, events, steps)
        capture.gaps += alignment.doubtful(traced, steps)
        events = pl.concat([events, traced])
    lines = clock.place_lines(frames["log_lines"], events, zone)
    if listed.height:
        placed = clock.place_listed(listed, events, lines, zone)
        kept = clock.without_twins(placed, events)
        capture.gaps += _held_twice(placed, kept)
        events = pl.concat([events, kept])
    return {**frames, "events": _in_order(events), "log_lines": lines}


def _in_order(events: pl.DataFrame) -> pl.DataFrame:
    """Return events by member and record; they mostly lie so already, as members are read by their paths."""
    member, record = pl.col("member"), pl.col("record")
    rising = (member > member.shift()) | ((member == member.shift()) & (record >= record.shift()))
    return events if events.select(rising.all()).item() else events.sort("member", "record")


def undated(lines: pl.DataFrame, device: str) -> pl.DataFrame:
    """One gap a log whose local times could not be turned into instants, with the bound that remains."""
    without = pl.col("at").is_null() & pl.col("written_at").is_not_null()
    by_member = lines.lazy().group_by("member").agg(count=without.sum())
    count = by_member.filter(pl.col("count") > 0).sort("member").collect(engine=engine_for(lines.height))
    return count.select(
        device=pl.lit(device),
        member="member",
        record=pl.lit(None, dtype=pl.Int64),
        reason=pl.lit(UNPLACED),
        count=pl.col("count").cast(pl.Int64),
        advice=pl.lit("add the event logs of the same device, or its registry dump"),
    )


def _held_twice(placed: pl.DataFrame, kept: pl.DataFrame) -> list[tuple[str, Unread]]:
    """Return what to say of events of a list that another file of the export holds too."""
    both = (
        placed.group_by("member")
        .len("listed")
        .join(kept.group_by("member").len("kept"), on="member", how="left")
    )
    again = both.with_columns(again=pl.col("listed") - pl.col("kept").fill_null(0)).filter(
        pl.col("again") > 0
    )
    reason = f"{COUNTED}events that another file of the export holds too"
    return [
        (row["member"], Unread(reason, count=row["again"], whole=True))
        for row in again.sort("member").to_dicts()
    ]


def zoneless(events: pl.DataFrame, device: str) -> pl.DataFrame:
    """One gap a list of events whose local times no zone made instants of."""
    count = clock.part_listed(events)[0].group_by("member").len("count").sort("member")
    return count.select(
        device=pl.lit(device),
        member="member",
        record=pl.lit(None, dtype=pl.Int64),
        reason=pl.lit(ZONELESS),
        count=pl.col("count").cast(pl.Int64),
        advice=pl.lit(f"add a file that tells the zone, or {SAVE_LOG}"),
    )
