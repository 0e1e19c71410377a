"""Joining Entra ID, alone or together with the local domain."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import failed_runs, properties
from autopilot_analysis.findings.rule import PROOF, proof, rule
from autopilot_analysis.findings.weighing import weigh
from autopilot_analysis.tables import Tables, Trace

NO_DOMAIN_CONTROLLER = "0x80070774"
JOIN = ["entra_join"]
HYBRID_MARKS = ["offline_join_timed_out", "automatic_join_failed"]


def _failed(trace: Trace, stages: list[str]) -> pl.DataFrame:
    scenario = trace.attempts.select("device", "attempt", "scenario")
    runs = failed_runs(trace, stages).join(scenario, on=["device", "attempt"], how="left")
    hybrid = pl.col("mark").is_in(HYBRID_MARKS) | (pl.col("scenario") == "hybrid_join")
    return runs.with_columns(hybrid=hybrid.fill_null(value=False))


@rule("ENTRA-JOIN-FAILED")
def join_failed(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts whose Entra join was refused or broke."""
    return proof(_failed(trace, JOIN).filter(~pl.col("hybrid")))


@rule("HYBRID-JOIN-FAILED")
def hybrid_join_failed(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts whose join of the local domain and Entra ID together broke."""
    failed = _failed(trace, JOIN).filter("hybrid")
    return proof(failed.filter((pl.col("code") != NO_DOMAIN_CONTROLLER).fill_null(value=True)))


@rule("HYBRID-DC-UNREACHABLE")
def no_domain_controller(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Hybrid attempts that found no domain controller, in whichever stage that stopped them."""
    failed = _failed(trace, [*JOIN, "device_preparation", "device_setup"])
    return proof(failed.filter("hybrid", pl.col("code") == NO_DOMAIN_CONTROLLER))


@rule("JOIN-PHASE")
def join_phase(tables: Tables, trace: Trace) -> pl.DataFrame:
    """The phase and error that the join state itself names."""
    phase = properties(tables, r"^error ?phase$", r"\w")
    errors = properties(tables, r"^(?:client error ?code|server error ?code|server error ?message)$", r"\w")
    named = phase.group_by("device").agg(item=pl.col("value").first())
    told = (
        pl.concat([phase, errors])
        .join(named, on="device")
        .with_columns(
            at=pl.lit(None, dtype=PROOF["at"]),
            about=pl.lit("entra_join"),
            code=pl.col("value")
            .str.extract(r"^(0x[0-9A-Fa-f]{8})")
            .str.to_uppercase()
            .str.replace("0X", "0x"),
        )
    )
    return proof(weigh(told, trace))


@rule("JOIN-NO-TOKEN")
def joined_without_token(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joined devices whose user has no primary refresh token."""
    joined = properties(tables, r"^azureadjoined$", r"(?i)^yes$").select("device").unique()
    without = properties(tables, r"^azureadprt$", r"(?i)^no$").join(joined, on="device", how="semi")
    told = without.with_columns(at=pl.lit(None, dtype=PROOF["at"]), about=pl.lit("account_setup"))
    return proof(weigh(told, trace))
