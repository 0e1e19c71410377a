"""Lists of events hold local time without an offset: by the zone, else by log lines else as written."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock.local_logs import zoned


def part_listed(events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the events whose written time is local, and all others.

    Args:
        events: The columns of tables.Event, with or without device.
    """
    local = (pl.col("clock") == "unknown") & pl.col("recorded_at").is_not_null()
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
        The same rows, in their order. `clock` is device_zone where the zone is known, anchored where the
        log lines of the device all lie equally far from UTC, else unknown: `at` then stays as it was written
        where no other event is in UTC, since the time between rows is right, and is null beside one that is.
    """
    local = listed.select("member", "record", written_at=pl.col("recorded_at").dt.replace_time_zone(None))
    by_zone, kind = zoned(local, events, zone), listed.schema["clock"]
    anchored = lines.filter(pl.col("clock") == "anchored")
    ahead_of_utc = pl.col("written_at") - pl.col("at").dt.replace_time_zone(None)
    ahead = anchored.select(ahead_of_utc).to_series().unique()
    if ahead.len() == 1:
        by_lines = local.select((pl.col("written_at") - ahead[0]).dt.replace_time_zone("UTC")).to_series()
        by_lines = by_lines.set(by_zone.is_not_null(), None)
    else:
        by_lines = pl.repeat(None, listed.height, dtype=pl.Datetime("us", "UTC"), eager=True)
    alone = events["at"].null_count() == events.height
    placed = pl.coalesce(by_zone, by_lines, pl.col("at") if alone else None)
    return listed.with_columns(
        at=placed,
        clock=pl.when(by_zone.is_not_null())
        .then(pl.lit("device_zone", kind))
        .when(by_lines.is_not_null())
        .then(pl.lit("anchored", kind))
        .otherwise("clock"),
    )
