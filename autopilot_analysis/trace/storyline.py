"""The decisive marks in order: what opened and closed each stage, and every failure in between."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock.provenance import DECLARED
from autopilot_analysis.tables import Trace
from autopilot_analysis.tables.story import BOOT, CLOCK_STEP, RENAME, SHUTDOWN, SLEEP

FAILED = "failed|gave_up|not_capable|timed_out|refused|fault"
"""What the name of a mark holds that is itself a failure."""
FAILURES = f"{FAILED}|missing|not_used|distrusted|empty|white_glove|clock_set"
"""What the name of one holds that decides the story whether or not a stage rests on it."""

DECISIVE = [BOOT, SHUTDOWN, RENAME, CLOCK_STEP, SLEEP]
"""Steps that decide the story; power, disk and the agent's own starts only stand beside it."""


def build_storyline(trace: Trace) -> pl.DataFrame:
    """Return the marks and steps that decide the story, in order of time.

    Args:
        trace: What `build_trace` returned.

    Returns:
        device, attempt, at, clock, what, stage, code, detail, member, record: one row a mark that opened or
        closed a stage, that tells of a failure, or a step of the device (boot, rename, clock). Undated ones
        come last.
    """
    ends = trace.stage_runs.select("device", "attempt", member="ended_member", record="ended_record")
    starts = trace.stage_runs.select("device", "attempt", member="started_member", record="started_record")
    bounds = (
        pl.concat([starts, ends])
        .drop_nulls()
        .unique(["device", "member", "record"], keep="first", maintain_order=True)
    )
    marks = trace.marks.join(bounds, on=["device", "member", "record"], how="left").rename({"mark": "what"})
    decisive = marks.filter(pl.col("attempt").is_not_null() | pl.col("what").str.contains(FAILURES))
    steps = trace.steps.filter(pl.col("kind").is_in(DECISIVE)).select(
        "device",
        "at",
        "detail",
        "member",
        "record",
        what=pl.col("kind").cast(pl.String),
        clock=pl.lit(DECLARED),
    )
    both = pl.concat([decisive.with_columns(pl.col("clock").cast(pl.String)), steps], how="diagonal")
    columns = ["device", "attempt", "at", "clock", "what", "stage", "code", "detail", "member", "record"]
    # one record may prove two things, that a stage ended and that the next one began: both are told
    return (
        both.select(columns)
        .unique(maintain_order=True)
        .sort("device", "at", "record", nulls_last=True, maintain_order=True)
    )
