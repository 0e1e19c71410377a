"""Times of portal CSVs, in the browser's zone without saying which -> UTC, by rows of other exports."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.readers.deployment import LOCAL_TIME

STEP = timedelta(minutes=15)
"""Offsets of all zones are whole multiples of this."""

MOST = timedelta(hours=14)
AGREEING = timedelta(minutes=5)
LEAST_ROWS = 3
LEAST_SHARE = 0.1
"""An offset that fewer of the rows show than this is a coincidence; summer time makes two offsets."""


def anchor_local_times(deployments: pl.DataFrame) -> pl.DataFrame:
    """Bring times without an offset to UTC where other exports tell of the same attempts in UTC.

    The flag `local_time` becomes `local_time=+120min`, minutes ahead of UTC. Rows between take the offset of
    the nearest day that has one. Without at least three attempts that agree, nothing moves.

    Args:
        deployments: One attempt a row, of all exports.
    """
    local = pl.col("flags").str.contains(f"{LOCAL_TIME}$").fill_null(value=False)
    rows = deployments.select(
        "started_at", row=pl.int_range(pl.len()), who=pl.col("device").str.to_lowercase(), local=local
    ).drop_nulls("started_at")
    unsure = rows.filter("local")
    offsets = _offsets(unsure, rows.filter(~pl.col("local")))
    if not offsets.height:
        return deployments
    dated, known = unsure.sort("started_at"), offsets.sort("started_at")
    told = dated.join_asof(known, on="started_at", strategy="nearest").select("row", "offset")
    found = deployments.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    found = found.join(told, on="row", how="left", maintain_order="left")
    ahead = pl.col("offset").fill_null(timedelta())
    minutes = pl.col("offset").dt.total_minutes()
    sign = pl.when(minutes < 0).then(pl.lit("-")).otherwise(pl.lit("+"))
    flags = pl.concat_str("flags", pl.lit("="), sign, minutes.abs(), pl.lit("min"))
    return found.with_columns(
        *(pl.col(name) - ahead for name in ("started_at", "ended_at", "observed_until")),
        pl.coalesce(flags, "flags").alias("flags"),
    ).select(deployments.columns)


def _offsets(unsure: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """Return starts of local rows and how far they are ahead of the same attempt in UTC."""
    pairs = unsure.join(sure, on="who", suffix="_utc")
    apart = pl.col("started_at") - pl.col("started_at_utc")
    step = int(STEP.total_seconds() * 1_000_000)
    steps = (apart.dt.total_microseconds() / step).round().cast(pl.Int64)
    pairs = pairs.with_columns(offset=(steps * step).cast(pl.Duration("us")))
    near = pairs.filter(pl.col("offset").abs() <= MOST, (apart - pl.col("offset")).abs() <= AGREEING)
    counts = near.group_by("offset").agg(pl.len().alias("count"))
    usual = counts.filter(
        pl.col("count") >= LEAST_ROWS, pl.col("count") >= LEAST_SHARE * near["row"].n_unique()
    )
    kept = near.join(usual, on="offset").sort("count", descending=True)
    return kept.unique("row", keep="first", maintain_order=True).select("started_at", "offset")
