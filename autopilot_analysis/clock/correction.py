"""Records from before a step, placed on the corrected clock."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock.edges import moves
from autopilot_analysis.clock.provenance import CORRECTED
from autopilot_analysis.clock.records import SERIES, in_series


def correct(rows: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with `at` placed on the corrected clock and `clock` saying so.

    Args:
        rows: Rows with member, channel, record, recorded_at, at and clock; `recorded_at` is never changed.
        steps: What `find_steps` returned.

    Note:
        A step divides each channel at that channel's own record of it. A channel without a fall is moved
        where others wrote on the wrong clock and nobody yet on the right one, else left as it was written.
    """
    if steps.is_empty():
        return rows
    known = rows.filter(pl.col("recorded_at").is_not_null()).select(*SERIES, "record", "recorded_at")
    shift = pl.col("move").fill_null(timedelta())
    channel = pl.col("channel").cast(pl.String).str.to_lowercase().fill_null("")
    placed = rows.with_columns(series=channel)
    for move in moves(in_series(known), steps):
        inside = (pl.col("record") < pl.col("boundary")) & (pl.col("record") >= pl.col("start"))
        placed = (
            placed.join(move.rename({"channel": "series"}), on=["member", "series"], how="left")
            .with_columns(move=pl.when(inside).then("move"))
            .with_columns(
                at=pl.col("at") + shift,
                clock=pl.when(pl.col("move").is_not_null() & pl.col("at").is_not_null())
                .then(pl.lit(CORRECTED, dtype=rows.schema["clock"]))
                .otherwise("clock"),
            )
            .drop("move", "boundary", "start")
        )
    return placed.drop("series")
