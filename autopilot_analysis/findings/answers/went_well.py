"""What went well in an attempt whose records end there: nothing failed, or is known to be waited for."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.tables import Tables, Trace

ENDS_WITHIN = timedelta(minutes=5)
"""A stage that began no longer before the last record is not known to have waited for anything."""
BESIDE = ("network",)
"""Stages that are not worth a word where others went well."""


def went_well(tables: Tables, trace: Trace, device: str) -> str:
    """Return which stages of the last attempt went well where the records end with them, else nothing.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        device: The device's key.
    """
    last = trace.attempts.filter(pl.col("device") == device).sort("attempt").tail(1)
    if last.is_empty() or last["outcome"][0] != "unfinished":
        return ""
    runs = trace.stage_runs.filter(pl.col("device") == device, pl.col("attempt") == last["attempt"][0])
    seen_until = tables.coverage.filter(pl.col("device") == device)["last_at"].max()
    open_since = runs.filter(pl.col("outcome") == "unfinished")["started_at"]
    done = runs.filter(pl.col("outcome") == "succeeded").sort("stage")["stage"].cast(pl.String).to_list()
    stages = [wording.words(stage) for stage in done if stage not in BESIDE]
    begun = open_since.drop_nulls()
    if seen_until is None or begun.len() != open_since.len() or not stages or "failed" in runs["outcome"]:
        return ""
    if ((pl.Series([seen_until]) - begun) > ENDS_WITHIN).any():
        return ""
    return (
        f"{' and '.join(filter(None, (', '.join(stages[:-1]), stages[-1])))} went well; the records end there"
    )
