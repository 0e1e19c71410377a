"""Restarts right after device management named a policy that takes one, where no phase of the page shows."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.facts.marks import REBOOT_REQUIRED_BY_POLICY
from autopilot_analysis.findings.looking import events_of, in_attempts, marks_in, unwell
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.findings.rules.restarts import (
    OF_WINDOWS,
    ORDERED,
    STARTED_WITHIN,
    named_policies,
    rebooted_by_policy,
)
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import WARNING

ORDERED_WITHIN = timedelta(minutes=2)
"""Windows orders the restart so soon after it named the policy."""
STARTED = "eventlog:6005"


@rule("POLICY-RESTART", needs=f"mark=reboot_required_by_policy; event={ORDERED},{STARTED}")
def restarted_by_policy(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Restarts that followed at once on a policy that takes one, inside an attempt."""
    asked = marks_in(trace, [REBOOT_REQUIRED_BY_POLICY]).drop_nulls(["at", "attempt"])
    events = in_attempts(events_of(tables, [ORDERED, STARTED]), trace).drop_nulls("attempt")
    if asked.is_empty() or events.is_empty():
        return no_proof()
    orders = events.filter(pl.col("key") == ORDERED)
    starts = events.filter(pl.col("key") == STARTED)
    before = orders.select("device", "attempt", ordered_at="at")
    explained = starts.join(before, on=ATTEMPT).filter(
        pl.col("ordered_at").is_between(pl.col("at") - STARTED_WITHIN, pl.col("at"))
    )
    unexplained = starts.join(explained, on=["device", "member", "record"], how="anti")
    own = orders.filter(pl.col("detail").str.contains(OF_WINDOWS))
    ends = pl.concat(
        rows.select(*ATTEMPT, "member", "record", "detail", end_at="at", since=pl.col("at") - within)
        for rows, within in ((own, ORDERED_WITHIN), (unexplained, STARTED_WITHIN))
    )
    both = ends.join(asked.select(*ATTEMPT, asked_at="at"), on=ATTEMPT)
    tied = both.filter(pl.col("asked_at").is_between("since", "end_at"))
    tied = tied.join(rebooted_by_policy(tables, trace), on=ATTEMPT, how="anti")
    if tied.is_empty():
        return no_proof()
    reasons = asked.join(tied, left_on=[*ATTEMPT, "at"], right_on=[*ATTEMPT, "asked_at"], how="semi")
    ill = unwell(trace).select(*ATTEMPT, severity=pl.lit(WARNING))
    restarts = tied.unique(["device", "member", "record"], maintain_order=True).with_columns(at="end_at")
    named = named_policies(reasons)
    parts = (
        rows.join(named, on=ATTEMPT, how="left", maintain_order="left")
        .join(ill, on=ATTEMPT, how="left", maintain_order="left")
        .with_columns(pl.col("severity").fill_null("info"), code=pl.lit(None, pl.String))
        for rows in (reasons, restarts)
    )
    return all_proofs([proof(rows, item=pl.col("item")) for rows in parts])
