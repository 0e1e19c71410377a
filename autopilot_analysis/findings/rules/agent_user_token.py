"""Tokens that Entra ID refuses to a user who has signed in: to the Intune agent, or to who knows whom."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import AADSTS
from autopilot_analysis.findings.looking import ENTRA_ERRORS, once
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.agent import OF_USER, counted_proofs
from autopilot_analysis.findings.rules.agent_waits import DEMANDS
from autopilot_analysis.findings.rules.enrollment_sign_in import (
    in_session,
    refused_outside_attempts,
)
from autopilot_analysis.findings.rules.sign_in import USUAL, WORDS_OF_ENTRA
from autopilot_analysis.tables import Tables, Trace

NOT_GIVEN = ["TokenAquireException", "TokenAcquireException"]
"""The agent's exception for a token that it did not get, as its versions spell it."""
PAGE = r"In EspPhase: (\w+)"
"""The phase of the status page in which the agent believes itself."""
ACCOUNT_SETUP = "AccountSetup"
GIVEN = f"{OF_USER} passed"
"""What the agent writes once it has the user's token."""


@once
def _refused(tables: Tables) -> pl.DataFrame:
    """Return the agent's lines on tokens that Entra refused, with none given since; `phase` of the page."""
    lines = tables.log_lines.filter(pl.col("message").str.contains_any([*NOT_GIVEN, GIVEN, "EspPhase: "]))
    if not lines["message"].str.contains_any(NOT_GIVEN).any():
        return lines.clear().with_columns(item=pl.lit(None, pl.String), phase=pl.lit(None, pl.String))
    message = pl.col("message")
    ordered = lines.sort("device", "written_at", "member", "record", nulls_last=True).with_columns(
        phase=message.str.extract(PAGE).forward_fill().over("device"),
        given=message.str.contains(GIVEN, literal=True).cum_sum(reverse=True).over("device"),
        item=pl.when(message.str.contains_any(NOT_GIVEN)).then(message.str.extract(f"({AADSTS})")),
    )
    refused = ordered.filter(pl.col("given") == 0, pl.col("item").is_not_null(), ~pl.col("item").is_in(USUAL))
    return refused.with_columns(detail=_words(message)).drop("severity")


def _words(text: pl.Expr) -> pl.Expr:
    """Return what Entra answered, less the ids behind it, which differ from try to try."""
    return (
        text.str.extract(WORDS_OF_ENTRA)
        .str.replace(r"(?s)\s*\b(?:Trace|Correlation) ID:.*", "")
        .str.strip_chars()
    )


@rule("AGENT-TOKEN-ASKED", needs="line")
def refused_on_the_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent Entra refused the user's token while account setup waited for it, to the end."""
    rows = _refused(tables).filter(pl.col("phase") == ACCOUNT_SETUP)
    return counted_proofs(rows, pl.col("detail"), pl.col("item"))


@rule("AGENT-TOKEN-ASKED-LATER", needs="line")
def refused_elsewhere(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent Entra refused the user's token when account setup was not seen to wait for it."""
    rows = _refused(tables).filter(pl.col("phase").ne_missing(ACCOUNT_SETUP))
    return counted_proofs(rows, pl.col("detail"), pl.col("item"))


@rule("USER-TOKEN-ASKED", needs=f"event={','.join(ENTRA_ERRORS)}")
def refused_in_session(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Tokens refused in the session of an Entra account on devices of which nothing else is known."""
    errors = refused_outside_attempts(tables, trace)
    if errors.is_empty():
        return no_proof()
    rows = errors.filter(in_session(), pl.col("named").is_in(DEMANDS))
    return proof(rows, _words(pl.col("detail")), pl.col("named"))
