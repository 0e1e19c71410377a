"""The clock: was it wrong, and by how much was it set?"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.clock import find_steps
from autopilot_analysis.clock.records import instant
from autopilot_analysis.findings.looking import failed_runs, marks_in, placed_marks
from autopilot_analysis.findings.relations import explained_codes
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import STAGES, Tables, Trace
from autopilot_analysis.tables.story import CLOCK_STEP, STAGE_OF_PHASE
from autopilot_analysis.trace.place import BELONGS_WITHIN

CLOCK_STEP_NOTABLE = timedelta(minutes=5)
"""Tokens and Kerberos tickets fail from five minutes on."""
BREAKS_TRUST_FROM = timedelta(hours=1)
"""Certificates are valid for months, the lists of revoked ones for hours: a smaller error breaks no trust."""
BROKE_TRUST = "CLOCK-BROKE-TRUST"
STAGE = pl.Enum(STAGES)


@rule("CLOCK-STEPPED")
def stepped(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Corrections of the clock that are worth a finding."""
    steps = trace.steps.filter(pl.col("kind") == CLOCK_STEP, pl.col("amount").abs() >= CLOCK_STEP_NOTABLE)
    return proof(steps)


@rule("CLOCK-FELL", needs="step=clock_step")
def fell(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Falls of the clock, as large, that a later setting gave back."""
    forward = trace.steps.filter(pl.col("kind") == CLOCK_STEP, pl.col("amount") > timedelta())
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


def _by_the_service(trace: Trace) -> pl.DataFrame:
    """Return the marks that name the service's time and the device's, and `behind`, the difference."""
    detail = pl.col("detail")
    server, client = (
        instant(detail.str.json_path_match(f"$.{name}")) for name in ("ServerTime", "ClientTime")
    )
    marks = marks_in(trace, ["clock_distrusted"]).filter(detail.str.starts_with("{"))
    return marks.with_columns(behind=server - client).drop_nulls("behind")


def never_set(trace: Trace) -> pl.DataFrame:
    """Return device, attempt and behind of attempts with a clock that broke trust and that nothing set right.

    Args:
        trace: What `build_trace` returned.
    """
    wrong = _by_the_service(trace).filter(pl.col("behind").abs() >= BREAKS_TRUST_FROM)
    first = wrong.unique(ATTEMPT, keep="first", maintain_order=True).select(*ATTEMPT, "behind")
    set_right = marks_in(trace, ["clock_set"]).select("device")
    steps = trace.steps.filter(pl.col("kind") == CLOCK_STEP, pl.col("amount").abs() >= CLOCK_STEP_NOTABLE)
    return first.join(pl.concat([set_right, steps.select("device")]), on="device", how="anti")


def behind_at_last(trace: Trace, device: str) -> timedelta | None:
    """Return how far behind a device's clock was in its last attempt, None where it was right or was set.

    Args:
        trace: What `build_trace` returned.
        device: The device's key.
    """
    last = trace.attempts.filter(pl.col("device") == device)["attempt"].max()
    distrusted = trace.marks.filter(pl.col("device") == device, pl.col("mark") == "clock_distrusted")
    if last is None or distrusted.is_empty():
        return None
    unset = never_set(trace).filter(pl.col("device") == device, pl.col("attempt") == last)["behind"]
    return unset[0] if unset.len() else None


def _set_afterwards(trace: Trace) -> pl.DataFrame:
    """Return the settings of the clock that were large enough, as `set_at` and `behind`."""
    large = (pl.col("kind") == CLOCK_STEP) & (pl.col("amount").abs() >= BREAKS_TRUST_FROM)
    steps = trace.steps.filter(large).drop_nulls("at")
    return steps.select("device", "member", "record", "detail", set_at="at", behind="amount")


def _distrust(trace: Trace) -> pl.DataFrame:
    """Return what failed for want of trust in the stage that failed its attempt, each with that attempt."""
    codes = explained_codes().filter(pl.col("cause") == BROKE_TRUST)["code"].implode()
    stopped = trace.attempts.filter(pl.col("outcome") == "failed").select(*ATTEMPT, stage="failed_stage")
    marks = placed_marks(trace).filter(pl.col("code").is_in(codes))
    runs = failed_runs(trace, STAGES).filter(pl.col("code").is_in(codes))
    apps = trace.installs.filter(pl.col("code").is_in(codes)).with_columns(
        stage=pl.col("phase").replace_strict(STAGE_OF_PHASE, default=None, return_dtype=STAGE), at="ended_at"
    )
    columns = [*ATTEMPT, "stage", "at", "code", "member", "record", "detail"]
    failures = pl.concat([rows.select(columns) for rows in (marks, runs, apps)])
    return failures.join(stopped, on=[*ATTEMPT, "stage"], how="semi").unique(
        ["device", "member", "record"], keep="first", maintain_order=True
    )


@rule(BROKE_TRUST, needs="attempt=failed; mark=clock_distrusted | step=clock_step")
def broke_trust(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that failed on the dates of certificates while the clock was wrong, and set later or never.

    What fails so once the clock is right fails for another reason.
    """
    failures = _distrust(trace)
    if failures.is_empty():
        return no_proof()
    last = failures.group_by(ATTEMPT, maintain_order=True).agg(last_at=pl.col("at").max())
    named = _by_the_service(trace)
    unset = never_set(trace)
    later = last.join(_set_afterwards(trace), on="device")
    soon = pl.col("set_at").is_between(pl.col("last_at"), pl.col("last_at") + BELONGS_WITHIN)
    later = later.filter(soon).join(unset, on=ATTEMPT, how="anti")
    settings = later.unique(ATTEMPT, keep="first", maintain_order=True)
    off = pl.concat([unset, settings.select(*ATTEMPT, "behind")])
    items = [(*key, _off(behind)) for *key, behind in off.iter_rows()]
    about = pl.DataFrame(items, schema={**failures.select(ATTEMPT).schema, "item": pl.String}, orient="row")
    parts = (named.with_columns(code=pl.lit(None, pl.String)), failures, settings.with_columns(at="set_at"))
    return all_proofs([proof(rows.join(about, on=ATTEMPT), item=pl.col("item")) for rows in parts])


def _off(behind: timedelta) -> str:
    """Return by how much a clock was wrong, in words."""
    return f"{wording.span(abs(behind))} {'behind' if behind > timedelta() else 'ahead'}"
