"""A user without a token of Entra, and the account setup that waits for what is asked in that user's name."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.join_fields import PLACE, TOKEN, TRIED_AT, USER, fields
from autopilot_analysis.findings.looking import AN_ENROLMENT, failed_runs, registry
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.findings.rules.join_state import refused_tokens
from autopilot_analysis.findings.rules.page_parts import open_parts
from autopilot_analysis.findings.rules.page_waits import ATTEMPT, waits
from autopilot_analysis.findings.rules.sign_in import USUAL
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.place import BELONGS_WITHIN

ACCOUNT = "account"
WRITTEN = "%Y-%m-%d %H:%M:%S%.f UTC"
NOBODY = "foouser@"
"""Who enrols a device on which nobody signs in."""
COUNTED = r"\d"
"""A part of the page that shows numbers, in any language, knows what it waits for."""


@rule(
    "ESP-USER-WITHOUT-TOKEN",
    needs=f"property={TOKEN}; failed=account_setup | property={TOKEN}; attempt=unfinished",
)
def user_without_token(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Account setups that ran out of time, or never ended, for a user whom Entra gives no token.

    Where the command says when the token was last asked for, that lies in the attempt or in its aftermath.
    """
    refused = refused_tokens(tables).drop_nulls("item").filter(~pl.col("item").is_in(USUAL))
    own = refused.join(_of_others(tables), on=PLACE, how="anti", maintain_order="left")
    dated = own.join(_tried_at(tables), on=PLACE, how="left", maintain_order="left")
    stood = _stood(tables, trace)
    met = dated.join(stood, on="device", maintain_order="left").filter(
        pl.col("at").is_between("began_at", pl.col("over_at") + BELONGS_WITHIN).fill_null(value=True)
    )
    items = met.select(*ATTEMPT, "item").unique(maintain_order=True)
    parts = open_parts(tables).filter(pl.col("phase") == ACCOUNT).join(items, on="device")
    return all_proofs([proof(met, item=pl.col("item")), proof(parts, pl.col("named"), pl.col("item"))])


def _stood(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the waits of account setup, with when their attempt began, whose page knew of nothing to do yet.

    What the registry alone tells has no time and no code; there the page has to say it.
    """
    of_account = waits(trace).filter(pl.col("phase") == ACCOUNT).select(*ATTEMPT, "over_at")
    bare = failed_runs(trace, ["account_setup"]).filter(pl.col("at").is_null(), pl.col("code").is_null())
    shown = open_parts(tables).filter(pl.col("phase") == ACCOUNT)
    looking = shown.filter(~pl.col("words").str.contains(COUNTED)).select("device").unique()
    known = shown.join(looking, on="device", how="anti")
    undated = bare.select(*ATTEMPT, over_at=NEVER).join(looking, on="device", how="semi")
    stood = pl.concat([of_account.join(known, on="device", how="anti"), undated])
    begun = trace.attempts.select(*ATTEMPT, began_at="started_at")
    return stood.unique(ATTEMPT, maintain_order=True).join(begun, on=ATTEMPT, maintain_order="left")


def _tried_at(tables: Tables) -> pl.DataFrame:
    """Return for each output of the command when the token was last asked for."""
    tried = fields(tables, TRIED_AT, r"\d")
    at = pl.col("value").str.to_datetime(WRITTEN, time_unit="us", time_zone="UTC", strict=False)
    return tried.select(*PLACE, at=at).unique(PLACE, keep="first", maintain_order=True)


def _of_others(tables: Tables) -> pl.DataFrame:
    """Return the outputs of the command that tell of another user than the one who enrolled the device."""
    owner = registry(tables, AN_ENROLMENT, "^upn$").select("device", owner=_low("value"))
    users = fields(tables, USER, "@").select(*PLACE, user=_low("value"))
    owners = users.join(owner.filter(~pl.col("owner").str.starts_with(NOBODY)), on="device")
    return owners.group_by(PLACE).agg((pl.col("user") == pl.col("owner")).any()).filter(~pl.col("user"))


def _low(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().str.to_lowercase()
