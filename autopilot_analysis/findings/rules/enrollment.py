"""MDM enrolment: what the server refused, and what broke on the way."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import failed_runs, marks_in
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.tables import Tables, Trace

NOT_CONFIGURED = ["0x8018002B", "0x80180031", "0xC1036501", "0x81036501"]
REFUSED = "0x8018"


def _failures(trace: Trace) -> pl.DataFrame:
    return failed_runs(trace, ["mdm_enrollment"]).with_columns(code=pl.col("code").fill_null(""))


def _server_words(trace: Trace, runs: pl.DataFrame) -> pl.DataFrame:
    """What the server itself said in those attempts, under the code of the refusal."""
    codes = runs.select("device", "attempt", refusal="code").unique(["device", "attempt"], keep="first")
    said = marks_in(trace, ["enrollment_server_fault"]).join(codes, on=["device", "attempt"])
    return said.with_columns(code="refusal")


def _empty_is_null(runs: pl.DataFrame) -> pl.DataFrame:
    return runs.with_columns(code=pl.when(pl.col("code") != "").then("code"))


@rule("MDM-ENROLLMENT-REFUSED")
def refused(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts that the management service turned away, with what it said."""
    runs = _failures(trace).filter(
        pl.col("code").str.starts_with(REFUSED), ~pl.col("code").is_in(NOT_CONFIGURED)
    )
    return all_proofs([proof(runs), proof(_server_words(trace, runs))])


@rule("MDM-NOT-CONFIGURED")
def not_configured(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts for which the tenant names no MDM service, or more than one."""
    return proof(_failures(trace).filter(pl.col("code").is_in(NOT_CONFIGURED)))


@rule("MDM-ENROLLMENT-FAILED")
def failed(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts whose enrolment broke for another reason than the service's refusal."""
    other = ~pl.col("code").str.starts_with(REFUSED) & ~pl.col("code").is_in(NOT_CONFIGURED)
    return proof(_empty_is_null(_failures(trace).filter(other)))
