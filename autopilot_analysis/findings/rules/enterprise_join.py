"""The registration with AD FS, in the company's own network, which is no join to Entra ID."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.join_fields import FAILED_STEP
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.automatic_join import (
    OF_AD_FS,
    PHASES,
    last_answers,
    standing_failures,
    with_token_error,
)
from autopilot_analysis.findings.rules.join_texts import failed_steps
from autopilot_analysis.tables import Tables, Trace


@rule("ENTERPRISE-JOIN-FAILED", needs=f"event={','.join(PHASES)} | property={FAILED_STEP}")
def enterprise_join_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers whose task, or whose join by hand, asks AD FS to register them, and fails."""
    failed = standing_failures(tables, trace).filter(pl.col("instance") == OF_AD_FS)
    task = with_token_error(last_answers(failed))
    by_hand = failed_steps(tables).filter("enterprise")
    both = [task.select("device", "item", "code"), by_hand.select("device", "item", "code")]
    first = pl.concat(both).unique("device", keep="first", maintain_order=True)
    frames = [task, by_hand.filter(pl.col("value").str.contains("0x"))]
    shown = [rows.drop("item", "code").join(first, on="device", maintain_order="left") for rows in frames]
    return all_proofs([proof(rows) for rows in shown])
