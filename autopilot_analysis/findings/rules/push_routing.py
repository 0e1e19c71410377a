"""The push message routing service that enrolment needs, as the events of a failed enrolment tell of it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import PROVIDERS, failed_runs
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.tables import Tables, Trace

SERVICE = "(?i)dmwappushservice"
STATES = {"0x80070424": "PUSH-ROUTING-MISSING", "0x80070422": "PUSH-ROUTING-DISABLED"}
"""What Windows answers where it touches the service, and the rule under which that is named."""
ENDPOINT = "(?i)0x800706D9"
"""How the failed step of the enrolment says that the service answers nobody."""


@rule("PUSH-ROUTING-MISSING", needs="failed=mdm_enrollment")
def push_routing_away(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Failed enrolments whose own events say that the service is not there, or is disabled."""
    own = tables.events.filter(pl.col("provider").str.to_lowercase() == PROVIDERS["dm"])
    touched = own.filter(pl.col("data").str.contains(SERVICE)).with_columns(
        rule=pl.col("code").replace_strict(STATES, default=None, return_dtype=pl.String), detail="data"
    )
    named = touched.drop_nulls("rule").unique(["device", "rule"], keep="last", maintain_order=True)
    failed = failed_runs(trace, ["mdm_enrollment"])
    last = failed.select("device", "attempt", failure="code").unique(
        "device", keep="last", maintain_order=True
    )
    rules = last.join(named.select("device", "rule"), on="device", maintain_order="left")
    where = rules.select("device", "attempt", "rule", code="failure")
    service = named.drop("code").join(where, on=["device", "rule"], maintain_order="left")
    beside = own.filter(pl.col("data").str.contains(ENDPOINT)).drop("code").with_columns(detail="data")
    frames = [
        service.filter(pl.col("device").is_in(where["device"].implode())),
        beside.join(where, on="device", maintain_order="left").drop_nulls("rule"),
    ]
    return all_proofs([proof(rows) for rows in frames])
