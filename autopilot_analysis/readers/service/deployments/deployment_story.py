"""What only all rows of an export together tell: how long a run was watched, which failure was retried."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.readers.service.nameless import with_nameless
from autopilot_analysis.tables.outcomes import NEW_JOURNEY, REPORT_WATCHES

NEWEST = "newest"
"""The column of the newest instant that a row tells of; gone once the rows are finished."""


def finished(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of `deployments` that know of each other.

    Args:
        rows: What `unfinished_rows` returned for each part of one export, one below the other.
    """
    return _with_keys(_with_retries(_with_watch(rows))).drop(NEWEST)


def _with_watch(rows: pl.DataFrame) -> pl.DataFrame:
    """Say how long what did not end was watched: until the export ends, or `REPORT_WATCHES`."""
    newest, started = pl.col(NEWEST).max(), pl.col("started_at")
    running = pl.col("outcome") == "in_progress"
    open_ended = (
        pl.col("outcome").is_in(["in_progress", "abandoned", "unknown"]) & pl.col("ended_at").is_null()
    )
    over = running & open_ended & (newest - started > REPORT_WATCHES)
    return _flagged(
        rows.with_columns(
            pl.when(open_ended)
            .then(pl.min_horizontal(newest, started + REPORT_WATCHES))
            .alias("observed_until")
        ),
        "over_an_hour_incomplete",
        rows.select(over.alias("over")).to_series(),
    )


def _with_retries(deployments: pl.DataFrame) -> pl.DataFrame:
    """Flag failures after which the same device succeeded within `NEW_JOURNEY`, which no report mends."""
    rows = deployments.select("device", "started_at", "outcome", row=pl.int_range(pl.len()))
    dated = rows.filter(pl.col("started_at").is_not_null() & pl.col("device").is_not_null())
    failed = dated.filter(pl.col("outcome") == "failed")
    again = dated.filter(pl.col("outcome") == "succeeded").join(failed, on="device", how="semi")
    success = again.select("device", "started_at", again_at="started_at").sort("started_at")
    met = failed.sort("started_at").join_asof(
        success, on="started_at", by="device", strategy="forward", check_sortedness=False
    )
    frozen = met.filter(pl.col("again_at") - pl.col("started_at") <= NEW_JOURNEY)["row"]
    return _flagged(deployments, "failed_first_try_frozen", rows["row"].is_in(frozen.implode()))


def _flagged(deployments: pl.DataFrame, flag: str, rows: pl.Series) -> pl.DataFrame:
    """Put a flag before the others of some rows."""
    if not rows.any():
        return deployments
    joined = pl.concat_str([pl.lit(flag), "flags"], separator=",", ignore_nulls=True)
    return deployments.with_columns(pl.when(pl.lit(rows)).then(joined).otherwise("flags").alias("flags"))


def _with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Name devices and attempts that have no name, and tell rows of one name apart."""
    rows = with_nameless(rows)
    if rows["deployment"].null_count():
        stamp = pl.col("started_at").dt.to_string("%Y-%m-%dT%H:%M:%SZ").fill_null("unknown")
        rows = rows.with_columns(
            pl.coalesce("deployment", pl.format("{}@{}", "device", stamp)).alias("deployment")
        )
    if not rows["deployment"].is_duplicated().any():
        return rows
    again = pl.int_range(pl.len()).over("deployment")
    unique = pl.when(again == 0).then("deployment").otherwise(pl.format("{}#{}", "deployment", again + 1))
    return rows.with_columns(unique.alias("deployment"))
