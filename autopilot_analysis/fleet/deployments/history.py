"""Whether a device was deployed before: what tells its first deployment from those that come later."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.tables.outcomes import NEW_JOURNEY

HISTORY = "history"
"""The column that says it; beside those of the table, where devices come back at all."""
BEFORE = "deployed before"
LEAST_AGAIN = 4
"""Fewer later deployments are compared with nothing, so the column is left out."""

HALFWAY = "(?i)technician|white.?glove"
"""Kinds of deployment after which the same deployment goes on: its user's part, however long after."""

NEEDED = ("device", "started_at", "outcome")


def with_history(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments with `history`: deployed before, where an earlier journey of the device is seen.

    Tries until the first success are one journey, unless more than `NEW_JOURNEY` lies between them; so a
    retry after a failure is no second deployment, nor is the user's part of a pre-provisioned one. It is null
    for the first that is seen: what no export tells, a deployment before that, is not known. A row without a
    device or an instant has none either.

    Args:
        deployments: One attempt a row; as they are where they say it already or few devices come back.
    """
    if HISTORY in deployments.columns or not set(NEEDED) <= set(deployments.columns):
        return deployments
    flags = pl.col("flags") if "flags" in deployments.columns else pl.lit(None, pl.String)
    rows = deployments.with_row_index("row").filter(~flags.str.contains("no_device").fill_null(value=False))
    kind = pl.col("enrollment_type") if "enrollment_type" in rows.columns else pl.lit(None, pl.String)
    halfway = kind.str.contains(HALFWAY).fill_null(value=False)
    known = rows.select("row", *NEEDED, halfway=halfway).drop_nulls(["device", "started_at"])
    if known["device"].n_unique() > known.height - LEAST_AGAIN:
        return deployments
    device, started = pl.col("device"), pl.col("started_at")
    arrived = (pl.col("outcome").cast(pl.String) == "succeeded").shift(1)
    ended = (arrived | (started - started.shift(1) > NEW_JOURNEY)) & ~pl.col("halfway").shift(1)
    begins = (device != device.shift(1)) | ended
    ordered = known.sort("device", "started_at", maintain_order=True)
    journey = begins.fill_null(value=True).cum_sum().over("device")
    later = ordered.with_columns(journey=journey).filter(pl.col("journey") > 1)
    if later.height < LEAST_AGAIN:
        return deployments
    marked = later.select("row", pl.lit(BEFORE).alias(HISTORY))
    numbered = deployments.with_row_index("row")
    return numbered.join(marked, on="row", how="left", maintain_order="left").drop("row")
