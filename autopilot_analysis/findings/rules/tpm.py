"""The TPM: could the device prove what it is?"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import NO_CONNECTION, failed_runs, marks_in
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

ATTESTATION_CODES = ["0x800705B4", "0x801C03EA", "0x81039001", "0x81039023", "0x81039024", "0x80070490"]


@rule("TPM-ATTESTATION-FAILED", needs="failed=device_preparation")
def attestation_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that failed in device preparation after the TPM's identity could not be confirmed."""
    return proof(_attestation(trace, ["device_preparation"]).filter(~_unreachable()))


@rule("TPM-ATTESTATION-UNREACHABLE", needs="failed=device_preparation")
def attestation_unreachable(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose attestation ended with an error of the connection: no service spoke about the TPM."""
    return proof(_attestation(trace, ["device_preparation"]).filter(_unreachable()))


def _attestation(trace: Trace, stages: list[str]) -> pl.DataFrame:
    """Return the marks of attestation that failed, in attempts that failed in one of some stages."""
    failed = trace.stage_runs.filter(pl.col("stage").is_in(stages), pl.col("outcome") == "failed")
    marks = marks_in(trace, ["tpm_identity_failed", "tpm_attestation_gave_up"])
    return marks.join(failed, on=["device", "attempt"], how="semi")


def _unreachable() -> pl.Expr:
    """Return whether all codes of an attempt's attestation are of the connection, and there is one."""
    lost = pl.col("code").str.contains(NO_CONNECTION)
    return (lost.any() & lost.fill_null(value=True).all()).over("device", "attempt")


@rule("TPM-NOT-CAPABLE", needs="mark=tpm_not_capable")
def not_capable(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that need a TPM 2.0 on a device whose TPM failed the capability check."""
    return proof(marks_in(trace, ["tpm_not_capable"]))


@rule("DEVICE-ENROLLMENT-FAILED", needs="failed=device_preparation; mark=device_enrollment_failed")
def device_enrollment_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose enrolment by the device itself was blocked for good."""
    runs = failed_runs(trace, ["device_preparation"]).select("device", "attempt").unique()
    return proof(
        marks_in(trace, ["device_enrollment_failed"]).join(runs, on=["device", "attempt"], how="semi")
    )
