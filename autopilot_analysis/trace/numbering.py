"""Marks -> attempts: where one run at enrolment ends and the next begins."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

ENDS = ["end", "fail", "skip", "cached"]
"""Edges that close a stage."""
DONE = ["logon", "esp_exit"]
"""Edges after which a deployment may be over: the desktop is there, the status page was left."""
ANEW = ["enrollment_began", "device_enrollment_began", "device_setup_step_began"]
"""Marks without which nothing after the desktop is another attempt: Windows reads its profile daily."""
PAUSE = timedelta(hours=12)
"""A device that is done and stirs again after so long has begun something else."""


def number_attempts(found: pl.DataFrame) -> pl.DataFrame:
    """Return dated marks with `attempt`, from 1 for each device.

    A new attempt starts with the first mark that can begin one after a mark that ended the one before: a
    refusal, a failure, a sealed technician flow; or after a pause once the desktop was reached, where the
    device then enrols anew. After the answer that there is no profile only OOBE itself begins anew: the user
    of a device preparation or of a plain OOBE goes on to join without a profile. Undated marks are left out,
    and marks that come to nothing stay with the attempt before them.
    """
    dated = found.filter(pl.col("at").is_not_null()).sort("device", "at", "member", "record")
    begins = pl.col("begins").is_not_null()
    return (
        dated.with_columns(
            last_end=_last(pl.col("terminal") == "yes"),
            last_blank=_last(pl.col("terminal") == "blank"),
            last_begin=_last(begins),
        )
        .with_columns(
            stirs=begins & _was_done() & (pl.col("at") - _begun_before(begins) > PAUSE).fill_null(value=False)
        )
        .with_columns(
            opens=begins
            & (
                (pl.col("last_end") > pl.col("last_begin"))
                | ((pl.col("begins") == "oobe") & (pl.col("last_blank") > pl.col("last_begin")))
                | pl.col("stirs")
            )
        )
        .with_columns(run=pl.col("opens").cum_sum().over("device"))
        .with_columns(
            counts=_progress().any().over("device", "run")
            & (~pl.col("stirs").any() | pl.col("mark").is_in(ANEW).any()).over("device", "run"),
            first=(pl.col("run") != pl.col("run").shift().over("device")).fill_null(value=False),
        )
        .with_columns(
            attempt=1 + (pl.col("first") & pl.col("counts")).cum_sum().over("device").cast(pl.Int64)
        )
        .select(*found.columns, "attempt")
    )


def _last(condition: pl.Expr) -> pl.Expr:
    """Return the position of the last row before this one for which the condition holds, else -1."""
    held = pl.when(condition).then(pl.int_range(pl.len())).cum_max().forward_fill()
    return held.shift().over("device").fill_null(-1)


def _was_done() -> pl.Expr:
    """Whether the device had enrolled and then left the status page or reached the desktop, before this row."""
    enrolled = ((pl.col("stage") == "mdm_enrollment") & (pl.col("edge") == "end")).fill_null(value=False)
    done = pl.col("edge").is_in(DONE) & enrolled.cum_max()
    return done.cum_max().shift(fill_value=False).over("device")


def _begun_before(begins: pl.Expr) -> pl.Expr:
    """Return when the mark that last could begin an attempt was written, before this row."""
    return pl.when(begins).then("at").forward_fill().shift().over("device")


def _progress() -> pl.Expr:
    """Marks without which nothing was attempted: settings are also read when diagnostics are collected."""
    settled = (pl.col("stage") == "profile_download") & pl.col("edge").is_in(ENDS)
    beyond = pl.col("stage").is_in(["network", "profile_download"]).not_()
    asked = (pl.col("stage") == "user_authentication") & (pl.col("edge") == "start")
    return (settled | (beyond & ~asked & (pl.col("edge") != "note"))).fill_null(value=False)
