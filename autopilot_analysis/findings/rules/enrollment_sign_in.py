"""The sign-in that a join or an enrolment needs, refused by Entra ID before any attempt could begin."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import AADSTS
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.join_fields import in_entra
from autopilot_analysis.findings.looking import ENTRA_ERRORS, RECORD, events_of
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.sign_in import BLOCKING, USUAL, entras_words
from autopilot_analysis.readers.event_log.lists.event_rows import SESSION_OF_ENTRA
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import WARNING

STOPPED = "ENROLLMENT-SIGN-IN-STOPPED"
ONE_REQUEST = timedelta(minutes=1)
"""The records of one request for a token lie so close together; only one of them says what it was for."""
ENTRA_SID = "S-1-12-1-"
"""How the SID of an account of Entra ID begins."""
AGENT_RUNS = ["EMS Agent Started", "In EspPhase: "]
"""What the Intune agent writes of itself."""


@rule(STOPPED, needs=f"event={','.join(ENTRA_ERRORS)}")
def sign_in_stopped(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Refused tokens for joining or enrolling, on devices that neither show an attempt nor are at their work.

    What a later try may meet, such as a second factor, weighs less than a decision of the tenant.
    """
    errors = refused_outside_attempts(tables, trace)
    if errors.is_empty():
        return no_proof()
    purposes = read_facts("sign_in_apps").drop_nulls("stage")
    detail = pl.col("detail").str.to_lowercase()
    named_stage = pl.coalesce(
        pl.when(detail.str.contains(asked)).then(pl.lit(stage))
        for asked, stage in purposes.select("asked_by", "stage").iter_rows()
    )
    asked = events_of(tables, ENTRA_ERRORS).with_columns(stage=named_stage).drop_nulls("stage")
    own = "|".join(purposes.filter(pl.col("in_session") == "yes")["asked_by"])
    by_agent = in_session() | pl.col("device").is_in(_with_agent(tables).implode())
    placed = asked.filter(detail.str.contains(own) | ~by_agent)
    met = _of_one_request(errors, placed).with_columns(
        severity=pl.when(~pl.col("named").is_in(BLOCKING)).then(pl.lit(WARNING))
    )
    return proof(met, entras_words(), pl.col("named"))


def in_session() -> pl.Expr:
    """Return whether an event was written in the session of an Entra account: the device has joined."""
    name, value = SESSION_OF_ENTRA
    named = pl.col("data").fill_null("").str.contains(f'"{name}": ?"{value}"')
    return named | pl.col("user_sid").fill_null("").str.starts_with(ENTRA_SID)


def _with_agent(tables: Tables) -> pl.Series:
    """Return the devices on which the Intune agent runs, which only an enrolment brings."""
    lines = tables.log_lines.filter(pl.col("message").str.contains_any(AGENT_RUNS))
    return lines["device"].unique()


def refused_outside_attempts(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return errors of Entra with their number (`named`), less usual ones, of devices without an attempt.

    A device that is joined or managed asks for tokens as its daily work.
    """
    errors = events_of(tables, ENTRA_ERRORS).drop("code")
    named = errors.with_columns(named=pl.col("detail").str.extract(f"({AADSTS})")).drop_nulls("named")
    managed = tables.devices.filter(pl.col("enrolled").fill_null(value=False)).select("device")
    at_work = pl.concat([trace.attempts.select("device"), managed, in_entra(tables).select("device")])
    unusual = named.filter(~pl.col("named").is_in(USUAL))
    return unusual.join(at_work, on="device", how="anti", maintain_order="left")


def _of_one_request(errors: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Return errors with the stage that their own record, or one of the same request, shows they were for."""
    others = placed.select("device", "member", "stage", other_record="record", other_at="at")
    both = errors.join(others, on=["device", "member"], maintain_order="left")
    own = pl.col("record") == pl.col("other_record")
    near = (pl.col("at") - pl.col("other_at")).abs() <= ONE_REQUEST
    return both.filter(own | near.fill_null(value=False)).unique(RECORD, keep="first", maintain_order=True)
