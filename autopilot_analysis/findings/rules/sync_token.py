"""Syncs with the management service for whose user Entra gave no token."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import AADSTS
from autopilot_analysis.findings.looking import ENTRA_ERRORS, PROVIDERS, events_of, in_attempts, once
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.enrollment_sign_in import refused_outside_attempts
from autopilot_analysis.findings.rules.sign_in import BLOCKING, USUAL
from autopilot_analysis.tables import Tables, Trace

SAYS = r"Failed to get .{2,40} Token for sync session"
"""What the client writes at the beginning of a session; its number stands in no copy of the message."""
USER_TOKEN = r"(?i)User Token: \([^()]*?0x(CAA[0-9A-F]{5})"
"""The result for the user; where nobody is signed in it is another, and no fault."""
NEAR = timedelta(minutes=5)
"""How far from the session Entra's own answer may stand."""


@rule("SYNC-WITHOUT-TOKEN")
def sync_without_token(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sessions whose user Entra refused a token, with its answer beside them in time or in the same text."""
    if _sessions(tables).is_empty():
        return no_proof()
    refused = _refused(tables, trace)
    if refused.is_empty():
        return proof(refused)
    answers = _answers(tables, refused)
    named = answers.group_by("device").agg(pl.col("named").first())
    met = refused.join(named, on="device", how="left", maintain_order="left")
    return all_proofs([proof(met, item=pl.col("named")), proof(answers, item=pl.col("named"))])


@rule("TOKEN-REFUSED-ALONE", needs=f"event={','.join(ENTRA_ERRORS)}")
def token_refused_alone(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Answers of Entra without an attempt or a session: quoted without a time, or decisions of the tenant.

    A dated one that a later try may meet passes, as far as a log of Entra alone shows.
    """
    outside = refused_outside_attempts(tables, trace)
    undated = _entra_errors(tables).filter(pl.col("at").is_null(), ~pl.col("named").is_in(USUAL))
    quoted = undated.join(trace.attempts, on="device", how="anti", maintain_order="left")
    decided = outside.filter(pl.col("at").is_not_null(), pl.col("named").is_in(BLOCKING))
    sessions = _refused(tables, trace).select("device")
    both = pl.concat([quoted, decided], how="diagonal")
    return proof(both.join(sessions, on="device", how="anti", maintain_order="left"), item=pl.col("named"))


@once
def _sessions(tables: Tables) -> pl.DataFrame:
    """Return the events by which the client says that it got no token for a session."""
    return tables.events.filter(
        pl.col("provider").str.to_lowercase() == PROVIDERS["dm"], pl.col("data").str.contains(SAYS)
    )


def _refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the sessions whose user got no token, with the code of that."""
    digits = pl.col("data").str.extract(USER_TOKEN).str.to_uppercase()
    coded = _sessions(tables).with_columns(detail="data", code=pl.format("0x{}", digits)).drop_nulls("code")
    return in_attempts(coded, trace)


def _entra_errors(tables: Tables) -> pl.DataFrame:
    """Return the errors of Entra that name their number."""
    events = events_of(tables, ENTRA_ERRORS).drop("code")
    return events.with_columns(named=pl.col("detail").str.extract(f"({AADSTS})")).drop_nulls("named")


def _answers(tables: Tables, refused: pl.DataFrame) -> pl.DataFrame:
    """Return what Entra answered at the time of such a session, or in the text that quotes it undated."""
    sessions = refused.select("device", "attempt", "code", session="member", session_at="at")
    both = _entra_errors(tables).join(sessions, on="device", maintain_order="left")
    apart = (pl.col("at") - pl.col("session_at")).abs()
    together = (
        pl.col("session_at").is_null() & pl.col("at").is_null() & (pl.col("member") == pl.col("session"))
    )
    near = both.filter((apart <= NEAR).fill_null(value=False) | together)
    return near.unique(["device", "member", "record"], keep="first", maintain_order=True)
