"""Text logs hold local time without an offset: by anchors, else by the zone, else unknown."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock.anchors import paired_offset, stated_offsets
from autopilot_analysis.clock.zones import by_zone, stated_bias, stated_zone, zone_name


def _written_clock(name: str) -> pl.Expr:
    return pl.when(pl.col("placed").is_not_null()).then(pl.lit(name)).otherwise(pl.lit("unknown"))


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
        The same rows. `clock` is anchored where the log itself states the instant nearby (a log may change
        its zone midway: the nearest statement before a line counts, else the first after it) or where pairs
        of an event and a line agree on one offset; device_zone where only the zone is known, by its name, by
        that which every EventLog 6013 gives, or by the bias that every Kernel-General 1 names; else unknown,
        and `at` stays null.
    """
    kind = lines.schema["clock"]
    ours = (pl.col("clock") == "unknown") & pl.col("written_at").is_not_null()
    open_lines = lines.filter(ours).sort("written_at")
    if open_lines.is_empty():
        return lines
    stated = stated_offsets(open_lines)
    if stated.is_empty():
        offset = paired_offset(open_lines, events)
        offsets = pl.lit(offset, dtype=pl.Int64)
    else:
        nearest = open_lines.select("written_at").unique().sort("written_at")
        marks = stated.select("written_at", "offset").unique("written_at").sort("written_at")
        nearest = nearest.join_asof(marks, on="written_at", strategy="backward").with_columns(
            pl.col("offset").fill_null(strategy="backward")
        )
        open_lines = open_lines.join(nearest, on="written_at", how="left", maintain_order="left")
        offsets = pl.col("offset")
    agents = pl.col("anchorable")
    anchored = open_lines.with_columns(
        anchorable=~pl.col("member").str.to_lowercase().str.contains("setupact", literal=True)
    ).with_columns(
        placed=pl.when(agents).then(
            (pl.col("written_at") - pl.duration(seconds=offsets)).dt.replace_time_zone("UTC")
        )
    )
    clock = _written_clock("anchored")
    if (zone := zone_name(zone) or stated_zone(events)) is not None:
        anchored = anchored.with_columns(by_zone=by_zone(anchored, zone))
        clock = (
            pl.when(pl.col("placed").is_not_null())
            .then(pl.lit("anchored"))
            .when(pl.col("by_zone").is_not_null())
            .then(pl.lit("device_zone"))
            .otherwise(pl.lit("unknown"))
        )
        at = pl.coalesce("placed", pl.col("by_zone").dt.convert_time_zone("UTC"))
    elif (bias := stated_bias(events)) is not None:
        by_bias = (pl.col("written_at") + pl.duration(minutes=bias)).dt.replace_time_zone("UTC")
        clock = (
            pl.when(pl.col("placed").is_not_null()).then(pl.lit("anchored")).otherwise(pl.lit("device_zone"))
        )
        at = pl.coalesce("placed", by_bias)
    else:
        at = pl.col("placed")
    placed = anchored.with_columns(at=at, clock=clock.cast(kind)).select(lines.columns)
    return pl.concat([lines.filter(~ours.fill_null(value=False)), placed]).sort("member", "record")
