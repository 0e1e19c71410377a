"""Pre-provisioning: the time between the technician's flow and the user's."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.findings.looking import marks_in
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO, WARNING

TAKEN_UP_TOO_SOON = timedelta(minutes=90)
"""A user's flow should not begin sooner after the seal,"""
LEFT_ALONE_AFTER = timedelta(days=14)
"""nor much later: certificate and tokens of the device may have run out."""


@rule(
    "RESEAL-GAP",
    needs="mark=white_glove_succeeded",
    limits={"soonest": TAKEN_UP_TOO_SOON, "latest": LEFT_ALONE_AFTER},
)
def gap_after_reseal(tables: Tables, trace: Trace) -> pl.DataFrame:
    """User flows too soon or too late after the reseal; heavy when they failed."""
    sealed = marks_in(trace, ["white_glove_succeeded"]).group_by("device").agg(sealed_at=pl.col("at").max())
    later = trace.attempts.join(sealed, on="device").filter(pl.col("started_at") > pl.col("sealed_at"))
    first = later.sort("started_at").group_by("device", maintain_order=True).first()
    gap = first.with_columns(gap=pl.col("started_at") - pl.col("sealed_at"))
    odd = gap.filter((pl.col("gap") < TAKEN_UP_TOO_SOON) | (pl.col("gap") > LEFT_ALONE_AFTER))
    heavy = pl.col("outcome").is_in(["failed", "unfinished"])
    seals = trace.marks.filter(pl.col("mark") == "white_glove_succeeded")
    rows = seals.join(odd.select("device", "attempt", "gap", heavy=heavy), on="device").with_columns(
        severity=pl.when("heavy").then(pl.lit(WARNING)).otherwise(pl.lit(INFO)),
        code=pl.lit(None, dtype=pl.String),
    )
    days = pl.format("{} days", pl.col("gap").dt.total_days())
    minutes = pl.format("{} minutes", pl.col("gap").dt.total_minutes())
    late = pl.col("gap") > LEFT_ALONE_AFTER
    after = pl.when(late).then(days).otherwise(minutes)
    item = pl.format("{}, too {}", after, pl.when(late).then(pl.lit("late")).otherwise(pl.lit("soon")))
    return proof(rows, pl.format("the user flow began {} after the seal", after), item)
