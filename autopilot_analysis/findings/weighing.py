"""How much a condition weighs: it rises above `info` only where it fits an attempt that failed."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import polars as pl

from autopilot_analysis.findings.looking import in_attempts, unwell
from autopilot_analysis.tables import Trace
from autopilot_analysis.tables.completing import with_lacking
from autopilot_analysis.tables.verdict import INFO, WARNING
from autopilot_analysis.trace.place import BELONGS_WITHIN

NEAR = {
    "network": ["network", "profile_download"],
    "profile_download": ["network", "profile_download"],
    "user_authentication": ["user_authentication", "entra_join"],
    "entra_join": ["entra_join", "user_authentication", "device_preparation"],
    "mdm_enrollment": ["mdm_enrollment"],
    "device_preparation": ["device_preparation", "entra_join"],
    "device_setup": ["device_setup", "account_setup"],
    "account_setup": ["device_setup", "account_setup", "desktop"],
    "desktop": ["account_setup", "desktop"],
}
"""The stages in which a condition about a stage can show itself."""


@cache
def _near() -> pl.DataFrame:
    return pl.DataFrame(
        [(about, stage) for about, stages in NEAR.items() for stage in stages],
        schema={"about": pl.String, "failed_stage": pl.String},
        orient="row",
    )


def weigh(proofs: pl.DataFrame, trace: Trace, *, by_stage: bool = True) -> pl.DataFrame:
    """Return proofs with attempt and severity: warning where they fit a failed attempt, else info.

    A proof fits when it lies in the failed attempt, or shortly before all, or has no time, and (with
    `by_stage`) that attempt failed in a stage near the one the condition is about. What came long before or
    after it explains nothing, nor does what was mended before the step that failed.

    Args:
        proofs: Rows with device, at and `about`, the stage the condition is about (null: any stage), and
            where it is known `mended_at`, when what they show was over.
        trace: What `build_trace` returned.
        by_stage: Whether the failed stage has to be near.
    """
    if proofs.is_empty():
        return proofs.with_columns(
            attempt=pl.lit(None, dtype=pl.Int64), severity=pl.lit(None, dtype=pl.String)
        )
    bad = unwell(trace).filter(pl.col("failed_stage").is_not_null() | pl.lit(value=not by_stage))
    begun = trace.attempts.group_by("device").agg(first_at=pl.col("started_at").min())
    mended = {"mended_at": pl.Datetime("us", "UTC")}
    placed = in_attempts(proofs, trace).with_row_index("row")
    pairs = (
        with_lacking(placed, mended)
        .select("row", "device", "attempt", "about", "at", *mended)
        .join(
            bad.select("device", bad_attempt="attempt", failed_stage=pl.col("failed_stage").cast(pl.String)),
            on="device",
        )
        .join(begun, on="device", how="left")
        .join(_failing_steps(trace), on=["device", "bad_attempt", "failed_stage"], how="left")
    )
    history = pl.col("mended_at") < pl.col("step_at")
    pairs = pairs.filter(~history.fill_null(value=False))
    lead = pl.col("first_at") - pl.col("at")
    before = lead.is_between(timedelta(), BELONGS_WITHIN, closed="right").fill_null(value=True)
    pairs = pairs.filter(
        (pl.col("attempt") == pl.col("bad_attempt")) | (pl.col("attempt").is_null() & before)
    )
    if by_stage:
        fitting = pl.concat(
            [
                pairs.join(_near(), on=["about", "failed_stage"], how="semi"),
                pairs.filter(pl.col("about").is_null()),
            ]
        )
    else:
        fitting = pairs
    fits = fitting.group_by("row").agg(bad_attempt=pl.col("bad_attempt").max())
    return (
        placed.join(fits, on="row", how="left", maintain_order="left")
        .with_columns(
            severity=pl.when(pl.col("bad_attempt").is_not_null())
            .then(pl.lit(WARNING))
            .otherwise(pl.lit(INFO)),
            attempt=pl.coalesce("attempt", "bad_attempt"),
        )
        .drop("row", "bad_attempt")
    )


def _failing_steps(trace: Trace) -> pl.DataFrame:
    """Return when the stage in which each attempt failed was over: step_at."""
    failed = trace.stage_runs.filter(pl.col("outcome") == "failed")
    return failed.group_by(
        "device", bad_attempt="attempt", failed_stage=pl.col("stage").cast(pl.String), maintain_order=True
    ).agg(step_at=pl.col("ended_at").max())


def agreed_code() -> pl.Expr:
    """Return the code on which a device's proofs of a rule agree, null where they name several."""
    codes, own = pl.col("code").drop_nulls(), ("device", "rule")
    return pl.when(codes.n_unique().over(own) == 1).then(codes.first().over(own))
