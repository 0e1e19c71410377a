"""The TPM: could the device prove what it is?"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock.offsets import FURTHEST
from autopilot_analysis.facts.marks import RESET_CHOSEN
from autopilot_analysis.findings.chips import MAKER, chip_name
from autopilot_analysis.findings.looking import NO_CONNECTION, failed_runs, marks_in, properties
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.findings.rules.clock import CLOCK_STEP_NOTABLE
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import CLOCK_STEP, PRE_PROVISIONING, PRE_PROVISIONING_TECHNICIAN
from autopilot_analysis.trace.place import BELONGS_WITHIN

ATTESTS_SINCE = 18362
"""The build of Windows 10 1903, the first that self-deploying and pre-provisioning may be used with."""
CLIENT_ATTESTS = "^0x810390"
"""Codes of the Autopilot client about attestation."""
GAVE_UP = "0x81039001"
"""The code of an attestation that was retried until its limit: why each try failed, the tries say."""
WEAK_CHIP = "0x81039024"
"""The code of a chip whose firmware has a known weakness."""
SEALING = [PRE_PROVISIONING, PRE_PROVISIONING_TECHNICIAN]
RESETS_LOG = "PBR"
"""The component that push-button reset signs its lines with."""
ATTESTATION_CODES = ["0x800705B4", "0x801C03EA", "0x81039001", "0x81039023", "0x81039024", "0x80070490"]


@rule("TPM-ATTESTATION-FAILED", needs="failed=device_preparation")
def attestation_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that failed in device preparation after the TPM's identity could not be confirmed.

    The chip is named where its maker is known: some codes are known of some makers' chips.
    """
    marks = _attestation(trace, ["device_preparation"]).filter(~_unreachable())
    chips = tables.devices.select("device", chip=chip_name()).drop_nulls()
    named = marks.join(chips, on="device", how="left", maintain_order="left")
    makers = properties(tables, MAKER, r"\w").filter(pl.col("member").str.contains("(?i)tpm"))
    beside = makers.join(
        named.select("device", "chip").drop_nulls().unique(), on="device", maintain_order="left"
    )
    return all_proofs([proof(rows, item=pl.col("chip")) for rows in (named, beside)])


@rule("TPM-ENROLLMENT-ANSWERS", needs="failed=device_preparation; mark=device_enrollment_failed")
def attestation_by_its_code(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose own enrolment ended with a code of attestation, where no record of that is left."""
    ended = marks_in(trace, ["device_enrollment_failed"]).filter(pl.col("code").str.contains(CLIENT_ATTESTS))
    ended = ended.join(failed_runs(trace, ["device_preparation"]), on=["device", "attempt"], how="semi")
    own = marks_in(trace, ["tpm_identity_failed", "tpm_attestation_gave_up"])
    weak = pl.when(pl.col("code") == WEAK_CHIP).then(pl.lit("TPM-FIRMWARE-REFUSED"))
    named = ended.with_columns(rule=weak.otherwise(pl.lit("TPM-ATTESTATION-FAILED")))
    return proof(named.join(own, on=["device", "attempt"], how="anti"))


@rule("TPM-ATTESTATION-OLD-WINDOWS", needs="failed=device_preparation", limits={"build": ATTESTS_SINCE})
def attestation_on_old_windows(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attestations that failed on a Windows whose attestation is known to have issues."""
    number = pl.col("build").str.split(".").list.first().cast(pl.Int64, strict=False)
    old = tables.devices.filter(number < ATTESTS_SINCE).select("device", "build")
    marks = _attestation(trace, ["device_preparation"]).filter(~_unreachable())
    return proof(marks.join(old, on="device", maintain_order="left"), item=pl.col("build"))


@rule("TPM-ATTESTATION-AFTER-RESET", needs="failed=device_preparation; mark=tpm_identity_confirmed")
def attestation_after_reset(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attestations that failed after a reset, of a TPM that had attested in a run that failed later on."""
    marks = _attestation(trace, ["device_preparation"])
    marks = marks.filter(pl.col("code").str.contains(CLIENT_ATTESTS).any().over("device", "attempt"))
    confirmed = marks_in(trace, ["tpm_identity_confirmed"])
    earlier = trace.attempts.join(confirmed, on=["device", "attempt"], how="semi").filter(
        pl.col("scenario").is_in(SEALING), pl.col("outcome") == "failed"
    )
    before = earlier.select("device", earlier="attempt", failed_at="ended_at")
    again = trace.attempts.filter(pl.col("scenario").is_in(SEALING)).join(before, on="device")
    again = again.filter(pl.col("attempt") > pl.col("earlier")).join(_resets(tables, trace), on="device")
    first, last = pl.col("failed_at") - pl.col("slack"), pl.col("started_at") + pl.col("slack")
    between = again.filter(pl.col("reset_at").is_between(first, last))
    after = between.select("device", "attempt", "earlier", "reset_member", "reset_record", "reset_quote")
    failed = marks.join(after, on=["device", "attempt"], how="semi")
    led = after.join(failed, on=["device", "attempt"], how="semi")
    resets = led.rename({"reset_member": "member", "reset_record": "record", "reset_quote": "detail"})
    named = pl.format("attested before, in attempt {}", pl.col("attempt"))
    good = confirmed.with_columns(detail=named).rename({"attempt": "earlier"}).with_columns(at=NEVER)
    good = good.join(led.select("device", "attempt", "earlier").unique(), on=["device", "earlier"])
    return all_proofs([proof(failed), proof(good), proof(resets)])


def _resets(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return when and where a reset of Windows is told: on a page of OOBE, or in the log of the reset itself.

    `slack` is how far the instant may be off, where that log's own clock names no zone.
    """
    chosen = marks_in(trace, [RESET_CHOSEN]).select(
        "device", "at", "member", "record", "detail", slack=pl.lit(timedelta())
    )
    lines = tables.log_lines.filter(pl.col("component") == RESETS_LOG)
    known = pl.coalesce("at", pl.col("written_at").dt.replace_time_zone("UTC"))
    slack = pl.when(pl.col("at").is_null()).then(pl.lit(FURTHEST)).otherwise(pl.lit(timedelta()))
    logged = lines.select("device", "member", "record", at=known, detail="message", slack=slack)
    both = pl.concat([chosen, logged.select(chosen.columns)]).drop_nulls("at")
    return both.select(
        "device",
        "slack",
        reset_at="at",
        reset_member="member",
        reset_record="record",
        reset_quote="detail",
    )


@rule("TPM-ATTESTATION-UNREACHABLE", needs="failed=device_preparation")
def attestation_unreachable(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose attestation ended with an error of the connection: no service spoke about the TPM."""
    marks = _attestation(trace, ["device_preparation"])
    requests = marks_in(trace, ["tpm_key_request_failed"]).join(
        marks.filter(pl.col("code").is_null() | (pl.col("code") == GAVE_UP).fill_null(value=False)),
        on=["device", "attempt"],
        how="semi",
        nulls_equal=True,
    )
    others = marks.filter(pl.col("code") != GAVE_UP)
    retried = requests.filter(_unreachable()).join(
        others, on=["device", "attempt"], how="anti", nulls_equal=True
    )
    return all_proofs([proof(marks.filter(_unreachable())), proof(retried)])


@rule("TPM-ATTESTATION-CLOCK", needs="failed=device_preparation")
def attestation_before_the_clock_was_right(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attestations that failed before the clock was set by a notable step, and that setting."""
    marks = _attestation(trace, ["device_preparation"])
    notable = trace.steps.filter(pl.col("kind") == CLOCK_STEP, pl.col("amount").abs() >= CLOCK_STEP_NOTABLE)
    steps = notable.select("device", "detail", "member", "record", set_at="at").drop_nulls("set_at")
    failures = marks.select("device", "attempt", "at", mark_member="member", mark_record="record")
    soon = pl.col("set_at").is_between(pl.col("at"), pl.col("at") + BELONGS_WITHIN)
    later = failures.join(steps, on="device", maintain_order="left").filter(soon)
    settings = later.unique(["device", "attempt", "member", "record"], maintain_order=True)
    failed = marks.join(
        later,
        left_on=["device", "member", "record"],
        right_on=["device", "mark_member", "mark_record"],
        how="semi",
    )
    return all_proofs([proof(failed), proof(settings.with_columns(at="set_at"))])


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
