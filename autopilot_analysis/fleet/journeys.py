"""A device's way to its first success: attempts that belong together, and who made it at the first."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.fleet.door import answers_in_kind, columns_of, takes, with_columns_of
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.fleet.rates import clean_outcome

NEW_JOURNEY = timedelta(days=30)
"""A pause longer than this begins a new journey."""


@answers_in_kind
def measure_journeys(
    deployments: pl.DataFrame, *, gap: timedelta = NEW_JOURNEY, clean: bool = False
) -> pl.DataFrame:
    """Return one row for each journey: the attempts of a device until the first that succeeds.

    A success ends the journey; so does a pause of more than 30 days. Attempts whose start nobody told come
    last and belong to the journey before them.

    Args:
        deployments: One attempt a row.
        gap: The longest pause inside a journey.
        clean: Count a success that went on past a timeout or a failed stage as failed.

    Returns:
        `device`, `journey` (from 1), `attempts`, `failed` (attempts), `outcome` (of the last attempt),
        `completed`, `first_time_right` (null unless completed), `started_at`, `ended_at`, `waited` (first
        start to last end), `first_code`.

    Raises:
        UnknownName: There is no column `device`.
    """
    frame = with_columns_of(deployments, ("outcome", "flags", "started_at", "ended_at", "total", "code"))
    columns_of(frame, "device")
    outcome = clean_outcome(clean=clean).alias("outcome")
    end = pl.coalesce("ended_at", pl.col("started_at") + pl.col("total"))
    ordered = frame.with_columns(outcome, end.alias("ended_at")).sort("device", "started_at", nulls_last=True)
    same = pl.col("device").eq_missing(pl.col("device").shift(1))
    paused = pl.col("started_at") - pl.coalesce("ended_at", "started_at").shift(1) > gap
    arrived = (pl.col("outcome") == "succeeded").shift(1)
    begins = ~same | paused.fill_null(value=False) | arrived.fill_null(value=False)
    counted = ordered.with_columns(begins.cum_sum().cast(pl.Int64).alias("count"), same.alias("same"))
    before = pl.when(~pl.col("same")).then(pl.col("count") - 1).forward_fill()
    numbered = counted.with_columns((pl.col("count") - before).alias("journey"))
    completed = (pl.col("outcome") == "succeeded").any()
    return (
        numbered.group_by("count", maintain_order=True)
        .agg(
            pl.col("device").first(),
            pl.col("journey").first(),
            pl.len().cast(pl.Int64).alias("attempts"),
            (pl.col("outcome") == "failed").sum().cast(pl.Int64).alias("failed"),
            pl.col("outcome").last(),
            completed.alias("completed"),
            pl.when(completed).then(pl.len() == 1).alias("first_time_right"),
            pl.col("started_at").first(),
            pl.col("ended_at").last(),
            pl.col("code").drop_nulls().first().alias("first_code"),
        )
        .with_columns((pl.col("ended_at") - pl.col("started_at")).alias("waited"))
        .select(
            "device", "journey", "attempts", "failed", "outcome", "completed", "first_time_right",
            "started_at", "ended_at", "waited", "first_code",
        )
    )  # fmt: skip


@answers_in_kind
@takes("measure_journeys", "completed", "first_time_right")
def measure_first_time_right(journeys: pl.DataFrame) -> pl.DataFrame:
    """Return how many of the completed journeys took one attempt, with the Wilson 95 % interval.

    Args:
        journeys: Answer of `measure_journeys`.

    Returns:
        One row: `n` (completed journeys), `k`, `share`, `low`, `high`, `open` (journeys not completed).

    Raises:
        UnknownName: The frame holds no journeys.
    """
    counts = [
        pl.col("completed").sum().cast(pl.Int64).alias("n"),
        pl.col("first_time_right").fill_null(value=False).sum().cast(pl.Int64).alias("k"),
        (~pl.col("completed")).sum().cast(pl.Int64).alias("open"),
    ]
    return journeys.select(counts).select("n", "k", *share_columns(), "open")
