"""The evidence itself: what is missing, cut, rolled over or flooded."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace


def _gaps(tables: Tables, pattern: str) -> pl.DataFrame:
    rows = tables.gaps.filter(pl.col("member").is_not_null(), pl.col("reason").str.contains(pattern))
    return proof(rows, pl.col("reason"))


@rule("EVIDENCE-ROLLED-OVER")
def rolled_over(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Event logs whose oldest records are gone."""
    return _gaps(tables, r"(?i)rolled over")


@rule("EVIDENCE-FLOODED")
def flooded(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Event logs that the collection itself filled."""
    return _gaps(tables, r"(?i)flooded")


@rule("EVIDENCE-DAMAGED")
def damaged(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Members that were cut or damaged."""
    hurt = tables.members.filter(pl.col("state") == "damaged").select("device", "member")
    return _gaps(tables, "").join(hurt, on=["device", "member"], how="semi")
