"""Policies that the device refused while the status page ran: those it waited for, and the others."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import registry
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.findings.rules.page_parts import done_parts
from autopilot_analysis.findings.rules.page_tries import blamed_tries, tries_of_failed_phases
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.trace.installs.policies import NOT_DONE, no_fault

NODE = r"(?i)/Vendor/MSFT/(?:Policy/Config/)?(.+)$"
"""What a policy is called: its node, without the way to it that all have."""
WAITED = pl.col("blocking").fill_null(value=False)
"""Whether the page is known to have waited for a policy: it tracks only few."""
NOT_TAKEN = ~pl.col("reason").is_in(no_fault()).fill_null(value=False)
"""Whether the device did not take a policy: after a harmless refusal nothing is missing."""
REASON = pl.coalesce("reason", "outcome")


@rule("ESP-POLICY-FAILED", needs="failed=device_setup,account_setup; install=policy")
def policy_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Policies that were not applied in a phase that failed, of which nothing shows that the page waited."""
    tries = (
        tries_of_failed_phases(tables, trace, ["failed"], ["policy"])
        .drop("ended", "gave_up_at")
        .unique(maintain_order=True)
    )
    return proof(tries.filter(NOT_TAKEN, ~WAITED), REASON, CALLED)


@rule("ESP-POLICY-REFUSED", needs="failed=device_setup,account_setup; install=policy")
def tracked_policy_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Policies that the page waited for and the device refused; none where the page has all that it wants."""
    refused = blamed_tries(tables, trace, ["failed"], ["policy"]).filter(NOT_TAKEN, WAITED)
    waited = refused.with_columns(pl.col("phase").cast(pl.String))
    waited = waited.join(done_parts(tables, "SecurityPolicies"), on=["device", "phase"], how="anti")
    kept = registry(tables, r"\\expectedpolicies\\", r"^\./").select(
        "device", "member", "record", "detail", item="name", state="value", at=NEVER
    )
    policy = ["device", "item"]
    applied = kept.filter(pl.col("state") == "1")
    never = waited.join(applied, on=policy, how="anti", maintain_order="left")
    of_attempt = never.group_by(policy, maintain_order=True).agg(pl.col("attempt", "code").last())
    short = pl.coalesce(pl.col("item").str.extract(NODE), "item")
    return all_proofs([proof(never, REASON, short), proof(kept.join(of_attempt, on=policy), item=short)])


@rule("POLICY-REFUSED-UNPLACED", needs="install=policy")
def quoted_refusal(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Policies that a text says the device refused, without a time, where no attempt is known."""
    refused = trace.installs.filter(
        pl.col("kind") == "policy", pl.col("reason") == NOT_DONE, pl.col("ended_at").is_null()
    )
    alone = refused.join(trace.attempts, on="device", how="anti").drop("attempt")
    return proof(alone, REASON, pl.coalesce("item", "name"))
