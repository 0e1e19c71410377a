"""The clock: was it wrong, and by how much was it set?"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock import find_steps
from autopilot_analysis.findings.looking import marks_in
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.tables import Tables, Trace

CLOCK_STEP_NOTABLE = timedelta(minutes=5)
"""Tokens and Kerberos tickets fail from five minutes on."""


@rule("CLOCK-STEPPED")
def stepped(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Corrections of the clock that are worth a finding."""
    steps = trace.steps.filter(pl.col("kind") == "clock_step", pl.col("amount").abs() >= CLOCK_STEP_NOTABLE)
    return proof(steps)


@rule("CLOCK-FELL", needs="step=clock_step")
def fell(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Falls of the clock, as large, that a later setting gave back."""
    forward = trace.steps.filter(pl.col("kind") == "clock_step", pl.col("amount") > timedelta())
    events = tables.events.join(forward, on="device", how="semi")
    found = [
        find_steps(own).with_columns(device=pl.lit(device)) for (device,), own in events.group_by("device")
    ]
    detail = pl.format("the clock fell from {} to {}", "old_at", "new_at")
    falls = [steps.filter(~pl.col("corrects"), pl.col("amount") <= -CLOCK_STEP_NOTABLE) for steps in found]
    return all_proofs([proof(fall.with_columns(at="old_at"), detail) for fall in falls])


@rule("CLOCK-WRONG", needs="attempt=failed; mark=clock_distrusted")
def wrong_and_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose clock was distrusted in an attempt that then failed, and was never set."""
    failed = trace.attempts.filter(pl.col("outcome") == "failed").select("device", "attempt")
    set_right = marks_in(trace, ["clock_set"]).select("device", "attempt").unique()
    marks = marks_in(trace, ["clock_distrusted"]).join(failed, on=["device", "attempt"], how="semi")
    return proof(marks.join(set_right, on=["device", "attempt"], how="anti"))
