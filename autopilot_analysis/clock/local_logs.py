"""Text logs hold local time without an offset: by anchors, else by the zone, else unknown."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock.anchors import paired_offset, stated_offsets
from autopilot_analysis.clock.provenance import ANCHORED, DEVICE_ZONE, NOT_KNOWN
from autopilot_analysis.clock.zones import by_zone, stated_bias, stated_zone, zone_name


def best_instant() -> pl.Expr:
    """Return the instant of a log line without a zone: the one in UTC where it is known, else as written.

    For the order of lines among each other and the time between them, not for a reader.
    """
    return pl.coalesce(pl.col("at").dt.replace_time_zone(None), pl.col("written_at"))


def place_lines(lines: pl.DataFrame, events: pl.DataFrame, zone: str | None) -> pl.DataFrame:
    """Return `lines` with `at` and `clock` filled where the device's local time can be turned into UTC.

    Args:
        lines: Rows of `log_lines` of one device; rows that carry an offset of their own stay as they are.
        events: Rows of `events` of the same device, already corrected.
        zone: IANA name of the device's zone, or None.

    Returns:
        The same rows, in their order. `clock` is ANCHORED where the log itself states the instant nearby (a
        log may change its zone midway: the nearest statement before a line counts, else the first after it)
        or where pairs of an event and a line agree on one offset; DEVICE_ZONE where only the zone is known,
        by its name, by that which every EventLog 6013 gives, or by the bias that every Kernel-General 1
        names; else NOT_KNOWN, and `at` stays null.
    """
    ours = ((pl.col("clock") == NOT_KNOWN) & pl.col("written_at").is_not_null()).fill_null(value=False)
    written = pl.when(ours).then("written_at").alias("written_at")
    local = lines.select("member", "record", "message", written)
    if local["written_at"].null_count() == local.height:
        return lines
    anchored, by_zone = _anchored(local, events), zoned(local, events, zone)
    kind = lines.schema["clock"]
    by = pl.when(anchored.is_not_null()).then(pl.lit(ANCHORED, kind))
    return lines.with_columns(
        at=pl.when(ours).then(anchored.fill_null(by_zone)).otherwise("at"),
        clock=by.when(by_zone.is_not_null()).then(pl.lit(DEVICE_ZONE, kind)).otherwise("clock"),
    )


def _anchored(local: pl.DataFrame, events: pl.DataFrame) -> pl.Series:
    """Return the instants that a log's own statements, or its lines that answer events, give its times.

    A log of Windows Setup writes by a clock of its own, which nothing of the agent's anchors.
    """
    offset = _offset(local, events)
    if offset is None:
        return _unknown(local)
    agents = [member for member in local["member"].unique() if "setupact" not in member.lower()]
    by_anchor = (pl.col("written_at") - pl.lit(offset)).dt.replace_time_zone("UTC")
    return local.select(pl.when(pl.col("member").is_in(agents)).then(by_anchor)).to_series()


def _offset(local: pl.DataFrame, events: pl.DataFrame) -> pl.Series | timedelta | None:
    """Return how far local time lay ahead of UTC, at each line or at all; None when nothing tells."""
    stated = stated_offsets(local).unique("written_at").sort("written_at")
    if stated.is_empty():
        paired = paired_offset(local, events)
        return None if paired is None else timedelta(seconds=paired)
    behind = stated["written_at"].search_sorted(local["written_at"], side="right")
    return stated.select(pl.duration(seconds="offset")).to_series().gather(behind.clip(1) - 1)


def zoned(local: pl.DataFrame, events: pl.DataFrame, zone: str | None) -> pl.Series:
    """Return the instants that the device's zone, or its one bias, gives local times, null where none does.

    Args:
        local: Columns member, record and written_at.
        events: Rows of `events` of the same device, already corrected.
        zone: IANA name of the device's zone, or None.
    """
    if (name := zone_name(zone) or stated_zone(events)) is not None:
        return by_zone(local, name).dt.convert_time_zone("UTC")
    if (bias := stated_bias(events)) is None:
        return _unknown(local)
    utc = pl.col("written_at") + pl.duration(minutes=bias)
    return local.select(utc.dt.replace_time_zone("UTC")).to_series()


def _unknown(local: pl.DataFrame) -> pl.Series:
    return pl.repeat(None, local.height, dtype=pl.Datetime("us", "UTC"), eager=True)
