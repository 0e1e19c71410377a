"""Stage runs -> attempts: what came of each run at enrolment, and in which stage it stopped."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import PAGE_CONTINUED, RESET_CHOSEN
from autopilot_analysis.tables import STAGES
from autopilot_analysis.tables.story import (
    CONTINUED,
    PHASES,
    PRE_PROVISIONING_TECHNICIAN,
    RESET,
    SELF_DEPLOYING,
    TRIED_AGAIN,
)
from autopilot_analysis.trace.beginnings import began_before
from autopilot_analysis.trace.stages import RUN, STAGE

NEEDS_A_USER = ["user_authentication", "account_setup"]
USERLESS = [SELF_DEPLOYING, PRE_PROVISIONING_TECHNICIAN, "autopilot_reset"]
"""Scenarios that are done once device setup is."""
GOES_ON = ["account_setup_step_began", PAGE_CONTINUED]
"""Marks of a device that went on after a failure, beside the sign-in tasks."""
USERS_PART = "pre_provisioning_user"
"""The part of a sealed device in which its page begins anew, and is due to come to account setup."""
BY_OTHERS = "not_autopilot"
"""Of a device without a profile, such as a Cloud PC: once it is enrolled, no status page is owed to it."""


def add_skips(runs: pl.DataFrame, scenarios: pl.DataFrame) -> pl.DataFrame:
    """Return runs with a skipped row, without instants, for each stage the attempt's scenario leaves out.

    Where the scenario signs nobody in, a stage of the user that was opened and never closed is skipped as
    well: reading the profile's settings opens the sign-in page, a kiosk's user opens account setup. Device
    preparation needs no profile: that none could be had is no failure of one that went on.

    Args:
        runs: What `build_runs` returned.
        scenarios: device, attempt, scenario.
    """
    skips = read_facts("scenario_skips").select("scenario", pl.col("stage").cast(STAGE))
    left_out = scenarios.join(skips, on="scenario").drop("scenario")
    idle = runs.filter(pl.col("ended_at").is_null(), pl.col("stage").is_in(NEEDS_A_USER))
    idle = idle.join(left_out, on=RUN, how="semi")
    busy = _without_need_of_a_profile(runs.join(idle, on=RUN, how="anti"), scenarios)
    rest = left_out.join(busy, on=RUN, how="anti").with_columns(outcome=pl.lit("skipped"))
    both = pl.concat([busy, rest], how="diagonal")
    return both.with_columns(waited=pl.col("ended_at") - pl.col("started_at")).sort(
        "device", "attempt", "stage"
    )


def _without_need_of_a_profile(runs: pl.DataFrame, scenarios: pl.DataFrame) -> pl.DataFrame:
    """Return runs with the profile skipped where device preparation was enrolled without one."""
    prepared = scenarios.filter(pl.col("scenario") == "device_preparation")
    if prepared.is_empty():
        return runs
    enrolled = runs.filter(pl.col("stage") == "mdm_enrollment", pl.col("outcome") == "succeeded")
    on = enrolled.join(prepared, on=["device", "attempt"], how="semi").select(
        "device", "attempt", on=pl.lit(value=True)
    )
    needless = (
        (pl.col("stage") == "profile_download")
        & (pl.col("outcome") == "failed")
        & pl.col("on").fill_null(value=False)
    )
    return (
        runs.join(on, on=["device", "attempt"], how="left", maintain_order="left")
        .with_columns(
            outcome=pl.when(needless).then(pl.lit("skipped")).otherwise("outcome"),
            code=pl.when(needless).then(None).otherwise("code"),
        )
        .drop("on")
    )


def _outcome() -> pl.Expr:
    done = pl.col("outcome") == "succeeded"
    furthest = pl.col("stage").to_physical().filter(done).max()
    nobodys = pl.col("scenario").first().is_in(USERLESS)
    left_out = ((pl.col("stage") == "account_setup") & (pl.col("outcome") == "skipped")).any()
    last_needed = (
        pl.when(nobodys | left_out)
        .then(STAGES.index("device_setup"))
        .otherwise(STAGES.index("account_setup"))
    )
    only_profile = pl.col("stage").is_in(["network", "profile_download"]).all()
    no_profile = ((pl.col("stage") == "profile_download") & (pl.col("outcome") == "skipped")).any()
    prepared = pl.col("scenario").first() == "device_preparation"
    by_others = pl.col("scenario").first() == BY_OTHERS
    paged = pl.col("stage").is_in(PHASES).any()
    handed_over = by_others & ~paged & (furthest >= STAGES.index("mdm_enrollment"))
    came_through = (furthest >= last_needed) | (prepared & (furthest >= STAGES.index("device_preparation")))
    failed, unfinished = ((pl.col("outcome") == name).any() for name in ("failed", "unfinished"))
    left_off = paged & (pl.col("scenario").first() == USERS_PART)
    return (
        pl.when(failed)
        .then(pl.lit("failed"))
        .when(came_through | handed_over)
        .then(pl.lit("succeeded"))
        .when(only_profile & no_profile)
        .then(pl.lit("skipped"))
        .when(unfinished | left_off)
        .then(pl.lit("unfinished"))
        .otherwise(pl.lit("unknown"))
    )


def build_attempts(
    runs: pl.DataFrame, scenarios: pl.DataFrame, numbered: pl.DataFrame, logs: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return one row an attempt with its outcome and, where it failed, stage and code.

    Where a device enrols itself, join and enrolment are parts of device preparation: the part that failed is
    named, not the whole. A stage that failed fails the attempt, whatever the user went on to; an attempt that
    only heard of no profile is skipped; one whose later stages nobody saw is unfinished or unknown. Where the
    user's page is off, device setup is the last stage that is due.
    `ended_at` is null where nothing dates the end of the stage that came last, or of the one that failed.
    `started_at` is when it was first seen; where no record begins it, as where the log that would hold it
    begins later, it is not `begun` by one: it began before that, and nobody knows how long it `waited`.

    Args:
        runs: What `add_skips` returned, settled.
        scenarios: device, attempt, scenario.
        numbered: What `number_attempts` returned.
        logs: What `late_logs` returned; None where every log is whole.
    """
    failed = pl.col("outcome") == "failed"
    ran = pl.col("outcome") != "skipped"
    enclosing = (pl.col("stage") == "device_preparation") & pl.col("scenario").is_in(USERLESS)
    which = pl.struct("stage", "code").sort_by(failed, ~enclosing, "ended_at").last()
    ended_at = pl.col("ended_at")
    last_at = ended_at.sort_by(ran, "stage").last()
    seen_at = pl.min_horizontal("started_at", "ended_at")
    first_stage = pl.col("stage").sort_by(seen_at, nulls_last=True).first()
    began_at = pl.col("started_at").min()
    begun = began_at.is_not_null() & (began_at <= ended_at.min()).fill_null(value=True)
    placed = runs.join(scenarios, on=["device", "attempt"], how="left")
    attempts = placed.group_by("device", "attempt", maintain_order=True).agg(
        scenario=pl.col("scenario").first(),
        started_at=seen_at.min(),
        first=first_stage,
        begun=begun,
        ended_at=ended_at.max(),
        last_at=pl.when(ran.any()).then(last_at),
        failed_at=ended_at.filter(failed).max(),
        outcome=_outcome(),
        failure=pl.when(failed.any()).then(which),
    )
    dated = pl.when(pl.col("outcome") == "failed").then("failed_at").otherwise("last_at").is_not_null()
    over = (pl.col("outcome") != "unfinished") & dated
    settled = attempts.with_columns(
        failed_stage=pl.col("failure").struct.field("stage"),
        code=pl.col("failure").struct.field("code"),
        ended_at=pl.when(over).then("ended_at"),
    )
    settled = _with_what_went_before(settled, numbered)
    if logs is not None and logs.height:
        cut = began_before(settled, numbered, logs).with_columns(cut=pl.lit(value=True))
        settled = settled.join(cut, on=["device", "attempt"], how="left", maintain_order="left")
        settled = settled.with_columns(begun=pl.col("begun") & pl.col("cut").is_null()).drop("cut")
    waited = pl.when("begun").then(ended_at - pl.col("started_at"))
    return settled.with_columns(waited=waited).drop("failure", "last_at", "failed_at", "first")


def _with_what_went_before(attempts: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return attempts that were first seen at a note of their first stage, where no record begins that stage.

    The tries to prove a device by its TPM are noted before device preparation is begun.
    """
    key = ["device", "attempt"]
    notes = numbered.group_by(*key, first="stage").agg(noted_at=pl.col("at").min())
    open_to_notes = ~pl.col("begun") | (pl.col("first") == "device_preparation")
    both = attempts.join(notes, on=[*key, "first"], how="left", maintain_order="left")
    first_at = pl.when(open_to_notes).then(pl.min_horizontal("started_at", "noted_at"))
    return both.with_columns(started_at=first_at.fill_null(pl.col("started_at"))).drop("noted_at")


def add_aftermath(attempts: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return attempts with `afterwards`: what was done once one had failed; null where nothing shows it.

    A failure stays a failure: continuing to the next phase or the desktop, trying again and resetting are
    results of their own.

    Args:
        attempts: What `build_attempts` returned.
        numbered: What `number_attempts` returned.
    """
    key = ["device", "attempt"]
    first_fail = pl.col("at").filter(pl.col("edge").is_in(["fail", "esp_fail"])).min()
    goes_on = (pl.col("edge") == "logon") | pl.col("mark").is_in(GOES_ON)
    page_fail = pl.col("at").filter(pl.col("edge") == "esp_fail").min()
    account = (pl.col("stage") == "account_setup") & (pl.col("edge") == "start")
    account_at = pl.col("at").filter(account).min()
    shown = numbered.group_by(key).agg(
        reset=((pl.col("mark") == RESET_CHOSEN) & (pl.col("at") > first_fail)).any(),
        continued=(goes_on & (pl.col("at") > first_fail)).any()
        | (account_at > page_fail).fill_null(value=False),
    )
    retries = (
        numbered.filter(pl.col("opening") == "retry").select("device", pl.col("attempt") - 1).unique()
    ).with_columns(retried=pl.lit(value=True))
    went = (
        pl.when(pl.col("outcome") != "failed")
        .then(None)
        .when("reset")
        .then(pl.lit(RESET))
        .when("retried")
        .then(pl.lit(TRIED_AGAIN))
        .when("continued")
        .then(pl.lit(CONTINUED))
    )
    both = attempts.join(shown, on=key, how="left").join(retries, on=key, how="left")
    return both.with_columns(afterwards=went).drop("reset", "continued", "retried")
