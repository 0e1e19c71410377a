"""Marks -> attempts: where one run at enrolment ends and the next begins."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.tables import STAGES

ENDS = ["end", "fail", "skip", "cached"]
"""Edges that close a stage."""
BUILT_UPON = STAGES[: STAGES.index("device_preparation") + 1]
"""Stages that lie behind a device whose desktop is there or whose status page was left for good."""
PAUSE = timedelta(hours=12)
"""A device that is done and stirs again after so long has begun something else."""


def number_attempts(found: pl.DataFrame) -> pl.DataFrame:
    """Return dated marks with `attempt`, from 1 for each device.

    A new attempt starts with the first mark that can begin one after a mark that ended the one before: a
    refusal, a failure, a sealed technician flow; or after a pause once the device was done, where it then
    joins and enrols anew. After the answer that there is no profile only OOBE itself begins anew: the user of
    a device preparation or of a plain OOBE goes on to join without a profile. Undated marks are left out, and
    so is what a device in daily work asks again; marks that come to nothing stay with the attempt before.
    """
    kept = _without_daily_work(found.filter(pl.col("at").is_not_null()))
    begins = pl.col("begins").is_not_null()
    return (
        kept.with_columns(
            last_end=_last(pl.col("terminal") == "yes"),
            last_blank=_last(pl.col("terminal") == "blank"),
            last_begin=_last(begins),
        )
        .with_columns(
            opens=begins
            & (
                (pl.col("last_end") > pl.col("last_begin"))
                | ((pl.col("begins") == "oobe") & (pl.col("last_blank") > pl.col("last_begin")))
                | pl.col("anew")
            )
        )
        .with_columns(run=pl.col("opens").cum_sum().over("device"))
        .with_columns(
            counts=_progress().any().over("device", "run"),
            first=(pl.col("run") != pl.col("run").shift().over("device")).fill_null(value=False),
        )
        .with_columns(
            attempt=1 + (pl.col("first") & pl.col("counts")).cum_sum().over("device").cast(pl.Int64)
        )
        .select(*found.columns, "attempt")
    )


def _without_daily_work(dated: pl.DataFrame) -> pl.DataFrame:
    """Return sorted marks without what a done device asks again, and `anew` where one is deployed again.

    A device that is done and stirs after a pause begins a block; only a block in which it joins and enrols is
    another deployment, the others are its services at work. A device whose enrolment was taken away is done
    no longer.
    """
    begins = pl.col("begins").is_not_null()
    paused = pl.col("at") - _begun_before(begins) > PAUSE
    block = ["device", "block"]
    return (
        dated.sort("device", "at", "member", "record")
        .with_columns(stirs=(begins & _was_done(["device"]) & paused).fill_null(value=False))
        .with_columns(block=pl.col("stirs").cum_sum().over("device"))
        .with_columns(anew=pl.col("stirs") & _deployed_again().over(block))
        .with_columns(deployment=(pl.col("anew") | (pl.col("mark") == "unenrolled")).cum_sum().over("device"))
        .filter(~_daily(["device", "deployment"]))
    )


def _deployed_again() -> pl.Expr:
    """Whether a device was deployed again among these marks, and did not only look at its profile."""
    marks = pl.col("mark")
    joined = marks.is_in(["join_began", "join_prepared"]).any() & (marks == "enrollment_began").any()
    return joined | marks.is_in(["device_enrollment_began", "device_setup_step_began"]).any()


def _daily(over: list[str]) -> pl.Expr:
    """Marks of a device that was done already: its tasks ask again what the deployment had settled.

    Where the logs tell of synchronisations but have lost the enrolment, no failure before the last one stood.
    """
    asks = pl.col("edge").is_in(["start", "fail", "skip", "cached", "refused"])
    last_sync = pl.col("at").filter(pl.col("mark") == "sync_began").max()
    served = pl.col("edge").is_in(["fail", "refused"]) & (_served() & (pl.col("at") < last_sync)).over(over)
    return (pl.col("stage").is_in(BUILT_UPON) & ((asks & _was_done(over)) | served)).fill_null(value=False)


def _enrolled() -> pl.Expr:
    return ((pl.col("stage") == "mdm_enrollment") & (pl.col("edge") == "end")).fill_null(value=False)


def _served() -> pl.Expr:
    """Whether the first synchronisation stands before any enrolment: that one is lost with older records."""
    first_sync = pl.col("at").filter(pl.col("mark") == "sync_began").min()
    first_enrolled = pl.col("at").filter(_enrolled()).min()
    return (first_sync < first_enrolled).fill_null(first_sync.is_not_null() & first_enrolled.is_null())


def _last(condition: pl.Expr) -> pl.Expr:
    """Return the position of the last row before this one for which the condition holds, else -1."""
    held = pl.when(condition).then(pl.int_range(pl.len())).cum_max().forward_fill()
    return held.shift().over("device").fill_null(-1)


def _was_done(over: list[str]) -> pl.Expr:
    """Whether a deployment was over before this row.

    The desktop was reached once enrolled, or the page's last phase was left: that of the user, or that of the
    device where it enrolled itself; or a pause lies behind the first synchronisation, or behind the join
    where the enrolment is lost.
    """
    syncs = pl.col("mark") == "sync_began"
    enrolled = syncs | _enrolled()
    since = pl.col("at").filter(enrolled).min()
    joined_at = pl.col("at").filter((pl.col("stage") == "entra_join") & (pl.col("edge") == "end")).min()
    user = ((pl.col("stage") == "account_setup") & (pl.col("edge") == "start")).fill_null(value=False)
    itself = pl.col("mark") == "device_enrollment_began"
    done = (
        ((pl.col("edge") == "logon") & enrolled.cum_max())
        | ((pl.col("edge") == "esp_exit") & (user | itself).cum_max())
        | (syncs & (pl.col("at") - since > PAUSE))
    )
    long_joined = _served() & (pl.col("at") - joined_at > PAUSE)
    seen = done.fill_null(value=False).cum_max().shift(fill_value=False)
    return (seen | long_joined.fill_null(value=False)).over(over)


def _begun_before(begins: pl.Expr) -> pl.Expr:
    """Return when the mark that last could begin an attempt was written, before this row."""
    return pl.when(begins).then("at").forward_fill().shift().over("device")


def _progress() -> pl.Expr:
    """Marks without which nothing was attempted: settings are also read when diagnostics are collected."""
    settled = (pl.col("stage") == "profile_download") & pl.col("edge").is_in(ENDS)
    beyond = pl.col("stage").is_in(["network", "profile_download"]).not_()
    asked = (pl.col("stage") == "user_authentication") & (pl.col("edge") == "start")
    return (settled | (beyond & ~asked & (pl.col("edge") != "note"))).fill_null(value=False)
