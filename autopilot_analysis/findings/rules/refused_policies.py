"""Policies that a device refused in its daily work or while nothing shows that a page waited for them."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import RECORD, failed_runs
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.policies import NOT_TAKEN
from autopilot_analysis.findings.rules.refusals import NOT_SUPPORTED
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import PHASES
from autopilot_analysis.tables.verdict import INFO, WARNING

POLICY = r"(?i)/Policy/Config/([A-Za-z0-9_~.-]+/[^/]+)$"
"""A policy by its area and name; other nodes of device management are refused for many harmless reasons."""
RIGHT = r"(?i)^UserRights/(.+)$"
A_SID = r"^\*?S-1-[0-9-]+$"
BETWEEN = r"\x{f000}"
"""What separates the accounts in the value of a user right."""


def _refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the refused policies that were not taken later and no page failed by: with `value` where shown.

    That a page waited for a policy and failed is another finding.
    """
    tries = trace.installs.filter(pl.col("kind") == "policy")
    failed = tries.filter(pl.col("outcome") == "failed", NOT_TAKEN, pl.col("code").is_not_null())
    failed = failed.drop_nulls("ended_at")
    if failed.is_empty():
        return failed.with_columns(value=pl.lit(None, pl.String), policy=pl.lit(None, pl.String))
    taken = (
        tries.filter(pl.col("outcome") == "succeeded")
        .group_by("device", "item")
        .agg(taken_at=pl.col("ended_at").max())
    )
    later = pl.col("taken_at") >= pl.col("ended_at").max().over("device", "item")
    kept = failed.join(taken, on=["device", "item"], how="left", maintain_order="left")
    kept = kept.filter(~later.fill_null(value=False))
    kept = kept.join(failed_runs(trace, PHASES), on="device", how="anti", maintain_order="left")
    named = kept.with_columns(policy=pl.col("item").str.extract(POLICY)).drop_nulls("policy")
    shown_value = pl.col("data").str.json_path_match("$.Message5")
    values = tables.events.select(*RECORD, value=shown_value).filter(~pl.col("value").str.starts_with("./"))
    shown = named.join(values, on=RECORD, how="left", maintain_order="left")
    readable = pl.col("value").str.replace_all(BETWEEN, "; ").drop_nulls().last().over("device", "item")
    return shown.with_columns(value=readable)


def _lacking(refused: pl.DataFrame) -> pl.DataFrame:
    """Return the user rights among refused policies whose value leaves out who must hold them.

    A value with other names than SIDs and the English ones may hold the account in another language.
    """
    rights = read_facts("user_rights").select(
        key=pl.col("right").str.to_lowercase(), sid="sid", account="account"
    )
    own = refused.filter(pl.col("code") == NOT_SUPPORTED)
    own = own.with_columns(key=pl.col("policy").str.extract(RIGHT).str.to_lowercase())
    asked = own.join(rights, on="key", maintain_order="left")
    parts = (
        pl.col("value")
        .str.split(";")
        .list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != ""))
    )
    asked = asked.with_columns(parts=parts)
    holds = pl.col("parts").list.eval(pl.element().str.strip_prefix("*")).list.contains(pl.col("sid"))
    sids = pl.col("parts").list.eval(pl.element().str.contains(A_SID)).list.all()
    lacks = pl.col("value").is_null() | (sids & ~holds)
    missing = asked.filter(lacks)
    who = pl.format("{} (*{})", "account", "sid").unique(maintain_order=True).str.join(" and ")
    named = missing.group_by("device", "item", maintain_order=True).agg(who=who)
    return (
        missing.drop("parts", "sid", "account")
        .unique([*RECORD], maintain_order=True)
        .join(named, on=["device", "item"], maintain_order="left")
    )


@rule("USER-RIGHT-REFUSED", needs="install=policy")
def user_right_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """User rights that a device refused, as an account that must always hold them is not in their value."""
    refused = _refused(tables, trace)
    if refused.is_empty():
        return no_proof()
    rows = _lacking(refused)
    without = pl.format("{} must hold {}", "policy", "who")
    item = pl.format("{} with the value {} leaves out {}", "policy", "value", "who")
    return proof(rows.with_columns(at="ended_at"), _quote(), pl.coalesce(item, without))


@rule("POLICY-REFUSED", needs="install=policy")
def policy_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Policies that a device refused, with what was to be set; a warning where no deployment is in sight."""
    refused = _refused(tables, trace)
    if refused.is_empty():
        return no_proof()
    rest = refused.join(_lacking(refused), on=["device", "item"], how="anti", maintain_order="left")
    deployed = trace.attempts.select("device", severity=pl.lit(INFO)).unique()
    weighed = rest.join(deployed, on="device", how="left", maintain_order="left")
    weighed = weighed.with_columns(pl.col("severity").fill_null(WARNING), at="ended_at")
    return proof(weighed, _quote(), pl.coalesce(pl.format("{} = {}", "policy", "value"), "policy"))


def _quote() -> pl.Expr:
    """Return what a record says: the policy, what it was to be set to and the code."""
    to = pl.coalesce(pl.format(" to {}", "value"), pl.lit(""))
    return pl.format("setting {}{} was refused: {}", "policy", to, "code")
