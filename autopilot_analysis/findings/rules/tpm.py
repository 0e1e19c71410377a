"""The TPM: could the device prove what it is?"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import failed_runs, marks_in
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.tables import Tables, Trace

CERTREQ = "certreq"
ATTESTATION_CODES = ["0x800705B4", "0x801C03EA", "0x81039001", "0x81039023", "0x81039024", "0x80070490"]


@rule("TPM-ATTESTATION-FAILED")
def attestation_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that failed in device preparation after the TPM's identity could not be confirmed."""
    failed = trace.stage_runs.filter(pl.col("stage") == "device_preparation", pl.col("outcome") == "failed")
    marks = marks_in(trace, ["tpm_identity_failed", "tpm_attestation_gave_up"])
    shown = marks.join(failed, on=["device", "attempt"], how="semi")
    return all_proofs([proof(shown), proof(answers(tables, shown))])


def answers(tables: Tables, shown: pl.DataFrame) -> pl.DataFrame:
    """Return what the attestation service answered (certreq), in its own words, for the attempts shown."""
    last = shown.group_by("device").agg(pl.col("attempt").max())
    named = pl.col("name").str.to_lowercase().is_in(["message", "text", "http"])
    plain = pl.col("value").fill_null("").str.contains(r"\s") & ~pl.col("value").str.starts_with("GET ")
    said = tables.properties.filter(
        pl.col("member").str.to_lowercase().str.contains(CERTREQ, literal=True), named, plain
    )
    quoted = pl.concat_str(pl.lit("the service answered: "), "value")
    return said.join(last, on="device").with_columns(detail=quoted)


@rule("TPM-NOT-CAPABLE")
def not_capable(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts that need a TPM 2.0 on a device whose TPM failed the capability check."""
    return proof(marks_in(trace, ["tpm_not_capable"]))


@rule("DEVICE-ENROLLMENT-FAILED")
def device_enrollment_failed(tables: Tables, trace: Trace) -> pl.DataFrame:  # noqa: ARG001
    """Attempts whose enrolment by the device itself was blocked for good."""
    runs = failed_runs(trace, ["device_preparation"]).select("device", "attempt").unique()
    return proof(
        marks_in(trace, ["device_enrollment_failed"]).join(runs, on=["device", "attempt"], how="semi")
    )
