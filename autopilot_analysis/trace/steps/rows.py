"""The rows that each finder of steps gives: all of a step but its amount."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.tables import Step
from autopilot_analysis.tables.typed import empty

NO_STEPS = empty(Step).select("device", "at", "member", "record", pl.col("kind").cast(pl.String), "detail")
"""What a finder gives where nothing tells of a step."""


def as_steps(rows: pl.DataFrame, kind: str, detail: pl.Expr) -> pl.DataFrame:
    """Return records as steps of one kind, the columns of `NO_STEPS`.

    Args:
        rows: Records with device, at, member and record.
        kind: A kind of tables.Step.
        detail: What the step says of itself.
    """
    return rows.select("device", "at", "member", "record", kind=pl.lit(kind), detail=detail.cast(pl.String))
