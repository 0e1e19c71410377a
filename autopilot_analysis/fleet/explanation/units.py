"""What is counted: a device's way to a success is one unit, however often it tried."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.fleet.measures.journeys import NEW_JOURNEY, in_order


def first_tries(attempts: pl.DataFrame) -> pl.DataFrame:
    """Return the first attempt of each journey, in order of time.

    What follows a failed attempt of a device is no independent evidence: a laptop that is tried fifteen times
    says once what one that is tried twice says. A success ends a journey, and so does a pause of more than
    30 days. An attempt of no known device is a journey of its own.

    Args:
        attempts: Those that can be judged; without a column `device` each is a journey.
    """
    if "device" not in attempts.columns or "started_at" not in attempts.columns:
        return attempts
    ordered = in_order(attempts)
    device, started = pl.col("device"), pl.col("started_at")
    again = (device == device.shift(1)).fill_null(value=False)
    paused = (started - started.shift(1) > NEW_JOURNEY).fill_null(value=False)
    arrived = (pl.col("outcome").cast(pl.String) == "succeeded").shift(1).fill_null(value=False)
    return ordered.filter(~again | paused | arrived).sort("started_at", maintain_order=True, nulls_last=True)
