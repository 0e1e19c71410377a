"""A device's way to its first success: attempts that belong together, and who made it at the first."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.frames import (
    answers_in_kind,
    columns_of,
    group_numbers,
    takes,
    with_columns_of,
)
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.fleet.measures.rates import clean_outcome
from autopilot_analysis.tables.outcomes import NEW_JOURNEY


@answers_in_kind
def measure_journeys(
    deployments: pl.DataFrame, *, gap: timedelta = NEW_JOURNEY, clean: bool = False
) -> pl.DataFrame:
    """Return one row for each journey: the attempts of a device until the first that succeeds.

    A success ends the journey; so does a longer pause than `gap`. Attempts whose start nobody told come
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
    end = pl.coalesce("ended_at", pl.col("started_at") + pl.col("total"))
    tries = frame.select("device", "started_at", "code", outcome=clean_outcome(clean=clean), ended_at=end)
    ordered = in_order(tries)
    same = pl.col("device").eq_missing(pl.col("device").shift(1))
    paused = pl.col("started_at") - pl.coalesce("ended_at", "started_at").shift(1) > gap
    arrived = (pl.col("outcome") == "succeeded").shift(1)
    begins = ~same | paused.fill_null(value=False) | arrived.fill_null(value=False)
    row, failed = pl.int_range(pl.len()), (pl.col("outcome") == "failed").fill_null(value=False)
    marked = ordered.with_columns(
        same=same.fill_null(value=False),
        row=row,
        failed_until=failed.cum_sum().cast(pl.Int64),
        code_at=pl.when(pl.col("code").is_not_null()).then(row).backward_fill(),
    )
    first = marked.filter(begins)
    begun = first["row"]
    last = marked[begun.shift(-1, fill_value=marked.height) - 1]
    return _joined(marked, first, last)


def in_order(tries: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts of each device one after another in order of time: two sorts of whole numbers.

    Args:
        tries: Attempts with `device` and `started_at`; unknown starts stand last.
    """
    _, devices = group_numbers(tries, ["device"])
    at = tries["started_at"].cast(pl.Int64).fill_null(np.iinfo(np.int64).max).to_numpy()
    by_time = at.argsort(kind="stable")
    keys = devices[by_time] << 32 | np.arange(at.size)
    keys.sort()
    order: NDArray[np.int64] = by_time[keys & 0xFFFFFFFF]
    return tries[order]


def _joined(marked: pl.DataFrame, first: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Return journeys from their first and their last attempts, which stand one after another."""
    new_device = ~first["same"]
    number = pl.int_range(1, first.height + 1, eager=True)
    before = pl.select(pl.when(new_device).then(number - 1).forward_fill()).to_series()
    completed = (last["outcome"] == "succeeded").fill_null(value=False)
    attempts = last["row"] - first["row"] + 1
    until = last["failed_until"]
    code_at = pl.select(pl.when(first["code_at"] <= last["row"]).then(first["code_at"])).to_series()
    return pl.DataFrame(
        {
            "device": first["device"],
            "journey": number - before,
            "attempts": attempts,
            "failed": until - until.shift(1, fill_value=0),
            "outcome": last["outcome"],
            "completed": completed,
            "first_time_right": pl.select(pl.when(completed).then(attempts == 1)).to_series(),
            "started_at": first["started_at"],
            "ended_at": last["ended_at"],
            "waited": last["ended_at"] - first["started_at"],
            "first_code": marked["code"].gather(code_at),
        }
    )


@answers_in_kind
@takes("measure_journeys", "completed", "first_time_right")
def measure_first_time_right(journeys: pl.DataFrame) -> pl.DataFrame:
    """Return how many of the completed journeys took one attempt, with the Wilson interval.

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
