"""Sign-ins that Entra ID refuses at a device that has joined and is set up, until the end of its records."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import AADSTS
from autopilot_analysis.findings.looking import (
    ENTRA_ERRORS,
    IN_SESSION,
    SIGN_IN_ERRORS,
    events_of,
    in_attempts,
    marks_in,
)
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.join_state import JOINED
from autopilot_analysis.findings.rules.restarts import REFUSED_FOR, SILENT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.attempts import USERLESS

IN_USE = ["account_setup", "desktop"]
"""Stages that only a person who is signed in reaches."""
ASKED_TENANT = r"(?i)login\.[a-z.]+/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/"
"""The tenant whose service was asked for a token, where its address names one."""


def _set_up(trace: Trace) -> pl.DataFrame:
    """Return devices on which the device's part is done and nobody was at work since: since, userless.

    The last attempt must not have failed: then another record says what stopped it.
    """
    runs = trace.stage_runs.filter(pl.col("outcome") != "skipped")
    done = runs.filter(pl.col("stage") == "device_setup", pl.col("outcome") == "succeeded")
    done = done.group_by("device").agg(done_at=pl.col("ended_at").max())
    in_use = runs.filter(pl.col("stage").is_in(IN_USE)).join(done, on="device")
    joined = marks_in(trace, JOINED).group_by("device").agg(joined_at=pl.col("at").max())
    last = trace.attempts.sort("attempt").group_by("device", maintain_order=True).last()
    fit = last.filter((pl.col("outcome") != "failed").fill_null(value=True))
    userless = pl.col("scenario").is_in(USERLESS).fill_null(value=False)
    both = done.join(joined, on="device").join(fit.select("device", userless=userless), on="device")
    idle = both.join(in_use.filter(pl.col("started_at") > pl.col("done_at")), on="device", how="anti")
    return idle.select("device", "userless", since=pl.max_horizontal("done_at", "joined_at"))


def _refusals(tables: Tables) -> pl.DataFrame:
    """Return errors of Entra, as `named`, that are about a person's sign-in to the device's tenant."""
    errors = events_of(tables, ENTRA_ERRORS).with_columns(
        named=pl.col("detail").str.extract(f"({AADSTS})"),
        asked=pl.col("detail").str.extract(ASKED_TENANT).str.to_lowercase(),
    )
    tenants = tables.devices.select("device", tenant=pl.col("tenant_id").str.to_lowercase())
    placed = errors.join(tenants, on="device", how="left", maintain_order="left")
    of_another = (pl.col("asked") != pl.col("tenant")).fill_null(value=False)
    of_person = pl.col("named").is_not_null() & ~pl.col("named").is_in(SILENT).fill_null(value=True)
    return placed.filter(of_person, ~of_another).drop("code")


@rule("SIGN-IN-REFUSED", needs=f"event={','.join(ENTRA_ERRORS)}; mark={','.join(JOINED)}")
def refused_until_the_end(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sign-ins behind the device's part that Entra refused again and again, with none that went well since.

    Where nobody has to sign in for the deployment to be over, only what the lock screen leaves counts:
    programs of such a device ask for tokens of their own.
    """
    since = _refusals(tables).join(_set_up(trace), on="device").filter(pl.col("at") > pl.col("since"))
    by_person = ~pl.col("userless") | pl.col("key").is_in(SIGN_IN_ERRORS)
    good = events_of(tables, IN_SESSION).group_by("device").agg(good_at=pl.col("at").max())
    later = since.join(good, on="device", how="left", maintain_order="left").filter(
        by_person, (pl.col("at") > pl.col("good_at")).fill_null(value=True)
    )
    over = pl.col("at").max().over("device") - pl.col("at").min().over("device")
    lasting = later.filter(over >= REFUSED_FOR).sort("at", maintain_order=True)
    return proof(in_attempts(lasting, trace), item=pl.col("named").last().over("device"))
