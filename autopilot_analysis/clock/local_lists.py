"""Lists of events hold local time without an offset: by the zone, else by what shows it, else as written."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock.anchors import stated_offsets
from autopilot_analysis.clock.list_twins import twin_offset
from autopilot_analysis.clock.local_logs import zoned
from autopilot_analysis.clock.provenance import ANCHORED, DECLARED, DEVICE_ZONE, NOT_KNOWN


def part_listed(events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the events whose written time is local, and all others.

    Args:
        events: The columns of tables.Event, with or without device.
    """
    local = (pl.col("clock") == NOT_KNOWN) & pl.col("recorded_at").is_not_null()
    return events.filter(local), events.filter(~local)


def place_listed(
    listed: pl.DataFrame, events: pl.DataFrame, lines: pl.DataFrame, zone: str | None
) -> pl.DataFrame:
    """Return listed events with `at` and `clock` filled where local time can be turned into UTC.

    Args:
        listed: What `part_listed` parted from the rest.
        events: The other events of the same device, already corrected.
        lines: Its log lines, already placed.
        zone: IANA name of the device's zone, or None.

    Returns:
        The same rows, in their order. `clock` is DEVICE_ZONE where the zone is known; ANCHORED where a log
        holds the same events, where answers of a service among them name its own time, or where the log lines
        of the device all lie equally far from UTC; else NOT_KNOWN:
        `at` then stays as it was written where no other event is in UTC, since the time between rows is
        right, and is null beside one that is.
    """
    local = listed.select("member", "record", written_at=pl.col("recorded_at").dt.replace_time_zone(None))
    by_zone, kind = zoned(local, events, zone), listed.schema["clock"]
    known = (twin_offset(listed, events), _stated(listed), _ahead(lines))
    offset = pl.lit(next((ahead for ahead in known if ahead is not None), None), pl.Duration("us"))
    by_logs = local.select((pl.col("written_at") - offset).dt.replace_time_zone("UTC")).to_series()
    by_logs = by_logs.set(by_zone.is_not_null(), None)
    alone = events["at"].null_count() == events.height
    placed = pl.coalesce(by_zone, by_logs, pl.col("at") if alone else None)
    return listed.with_columns(
        at=placed,
        clock=pl.when(by_zone.is_not_null())
        .then(pl.lit(DEVICE_ZONE, kind))
        .when(by_logs.is_not_null())
        .then(pl.lit(ANCHORED, kind))
        .otherwise("clock"),
    )


def _stated(listed: pl.DataFrame) -> timedelta | None:
    """Return how far the events lie ahead of UTC by the times that their messages state, if by one offset."""
    written = pl.col("recorded_at").dt.replace_time_zone(None)
    texts = listed.select("member", "record", written_at=written, message=pl.col("data"))
    offsets = stated_offsets(texts, "event")["offset"].unique()
    return timedelta(seconds=offsets[0]) if offsets.len() == 1 else None


def _ahead(lines: pl.DataFrame) -> timedelta | None:
    """Return how far the lines whose offset is known lie ahead of UTC, None unless all lie equally far."""
    ahead_of_utc = pl.col("written_at") - pl.col("at").dt.replace_time_zone(None)
    known = lines.filter(pl.col("clock").is_in([ANCHORED, DECLARED]))
    ahead = known.select(ahead_of_utc).to_series().drop_nulls().unique()
    return ahead[0] if ahead.len() == 1 else None
