"""The TPM: could the device prove what it is?"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import failed_runs, marks_in
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

ATTESTATION_CODES = ["0x800705B4", "0x801C03EA", "0x81039001", "0x81039023", "0x81039024", "0x80070490"]


@rule("TPM-ATTESTATION-FAILED", needs="failed=device_preparation")
def attestation_failed(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts that failed in device preparation after the TPM's identity could not be confirmed."""
    failed = trace.stage_runs.filter(pl.col("stage") == "device_preparation", pl.col("outcome") == "failed")
    marks = marks_in(trace, ["tpm_identity_failed", "tpm_attestation_gave_up"])
    return proof(marks.join(failed, on=["device", "attempt"], how="semi"))


@rule("TPM-NOT-CAPABLE", needs="mark=tpm_not_capable")
def not_capable(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts that need a TPM 2.0 on a device whose TPM failed the capability check."""
    return proof(marks_in(trace, ["tpm_not_capable"]))


@rule("DEVICE-ENROLLMENT-FAILED", needs="failed=device_preparation; mark=device_enrollment_failed")
def device_enrollment_failed(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts whose enrolment by the device itself was blocked for good."""
    runs = failed_runs(trace, ["device_preparation"]).select("device", "attempt").unique()
    return proof(
        marks_in(trace, ["device_enrollment_failed"]).join(runs, on=["device", "attempt"], how="semi")
    )
