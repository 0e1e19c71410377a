"""What is counted and how it is judged: a device's way to a success is one unit, however often it tried."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.fleet.frames import with_columns_of
from autopilot_analysis.fleet.measures.durations import SPANS, alike, finished_spans
from autopilot_analysis.fleet.measures.journeys import in_order
from autopilot_analysis.fleet.measures.rates import clean_outcome
from autopilot_analysis.tables.outcomes import ENDED, FINISHED, NEW_JOURNEY
from autopilot_analysis.wording import percent

SLOWEST = 0.8
"""An attempt slower than this share of all that are alike is slow."""
SLOWEST_WORDS = {0.5: "slower half", 0.75: "slowest quarter", 0.8: "slowest fifth", 0.9: "slowest tenth"}.get(
    SLOWEST, f"slowest {percent(1 - SLOWEST, 0)}"
)
"""`SLOWEST` in words."""

OUTCOMES = (*ENDED, "slow")


def first_tries(attempts: pl.DataFrame) -> pl.DataFrame:
    """Return the first attempt of each journey, in order of time.

    What follows a failed attempt of a device is no independent evidence: a laptop that is tried fifteen times
    shows once what one that is tried twice shows. A success ends a journey, and so does a pause of more than
    `NEW_JOURNEY`. An attempt of no known device is a journey of its own.

    Args:
        attempts: Those that can be judged; without a column `device` each is a journey.
    """
    return attempts[first_places(attempts)]


def first_places(attempts: pl.DataFrame) -> pl.Series:
    """Return the places of what `first_tries` returns.

    Args:
        attempts: Those that can be judged; without a column `device` each is a journey.
    """
    place = pl.int_range(pl.len(), dtype=pl.UInt32).alias("place")
    if "device" not in attempts.columns or "started_at" not in attempts.columns:
        return attempts.select(place)["place"]
    known = attempts.select("device", "started_at", "outcome", place)
    ordered = in_order(known)
    device, started = pl.col("device"), pl.col("started_at")
    again = (device == device.shift(1)).fill_null(value=False)
    paused = (started - started.shift(1) > NEW_JOURNEY).fill_null(value=False)
    arrived = (pl.col("outcome").cast(pl.String) == "succeeded").shift(1).fill_null(value=False)
    first = ordered.filter(~again | paused | arrived)
    return first.sort("started_at", maintain_order=True, nulls_last=True)["place"]


def judged(deployments: pl.DataFrame, measure: str, *, clean: bool = False) -> pl.DataFrame:
    """Return the attempts a measure can judge, with `day`, `value` (1 or 0, or minutes) and `class` added.

    Args:
        deployments: One attempt a row.
        measure: An outcome or a span column.
        clean: See `measure_rates`.

    Raises:
        BadInput: No such measure.
    """
    frame = with_columns_of(deployments, ("outcome", "flags", "started_at", *SPANS))
    if measure in ENDED:
        outcome = clean_outcome(clean=clean)
        frame = frame.filter(outcome.is_in(ENDED)).with_columns(
            (outcome == measure).cast(pl.Float64).alias("value")
        )
    elif measure in SPANS:
        frame = frame.filter(finished_spans(frame, measure))
        frame = frame.with_columns((pl.col(measure).dt.total_microseconds() / 60e6).alias("value"))
    else:
        raise BadInput.outside("measure", measure, (*ENDED, *SPANS))
    return frame.with_columns(pl.col("started_at").dt.date().alias("day"), alike(frame))


def with_hits(deployments: pl.DataFrame, outcome: str, *, clean: bool = False) -> pl.DataFrame:
    """Return the attempts an outcome can judge, as `judged` does, with `hit` added: 1 where it came about.

    Args:
        deployments: One attempt a row.
        outcome: failed, abandoned, succeeded, or slow: among the slowest (`SLOWEST`) of those alike.
        clean: See `measure_rates`.

    Raises:
        UnknownName: No such outcome.
    """
    if outcome not in OUTCOMES:
        raise UnknownName.among("outcome", outcome, OUTCOMES)
    if outcome != "slow":
        return judged(deployments, outcome, clean=clean).with_columns(hit=pl.col("value").cast(pl.Int64))
    frame = judged(deployments, "total").filter(pl.col("outcome").cast(pl.String).is_in(FINISHED))
    slow = pl.col("value") > pl.col("value").quantile(SLOWEST).over("class")
    return frame.with_columns(hit=slow.cast(pl.Int64))
