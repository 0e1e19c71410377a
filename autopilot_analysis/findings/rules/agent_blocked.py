"""The Intune agent itself, blocked by a guard of Windows, so that nothing comes that it brings."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from autopilot_analysis import quoting
from autopilot_analysis.findings.looking import events_of, failed_runs, in_attempts
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.providers import NOT_INSTALLED
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import CRITICAL, WARNING
from autopilot_analysis.trace.installs.installers.blocks import (
    blocked_in,
    blocking_events,
    fields_of,
    short_name,
)

AGENTS_OWN = re.compile(
    r"(?i)\\Microsoft Intune Management Extension\\[^\\]+$"
    r"|\\(?:Microsoft\.Management\.Services\.)?IntuneWindowsAgent\.(?:exe|msi)$"
)
"""Files of the agent; what lies in a folder below its own is an app's, or a script."""
OF_GUARDS = "APP-BLOCKED"
"""How the rules of facts/blocking_events.csv begin that are of a guard."""
GUARDS = [
    *(f"integrity:{number}" for number in (3004, 3033, 3077)),
    *(f"applocker:{number}" for number in (8004, 8007, 8022, 8025, 8029, 8036, 8040)),
    *(f"defender:{number}" for number in (1116, 1117, 1121)),
]
"""Their events that name a program which may not run, none of an audit."""
POLICY_BEGAN, POLICY_ID, POLICY_NAME = "integrity:3099", "policyguid", "policynamebuffer"
"""The event that says which policy of App Control is in force, and its fields."""


@rule("AGENT-BLOCKED", needs=f"event={','.join(GUARDS)}")
def agent_blocked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Files of the agent that a policy or rule did not let run, weighed by whether the page waited for it."""
    events = blocking_events(tables.events).filter(pl.col("rule").str.starts_with(OF_GUARDS))
    if events.is_empty():
        return no_proof()
    names = _policies(tables)
    found = [row for event in events.iter_rows(named=True) if (row := _row(event, names))]
    if not found:
        return no_proof()
    rows = pl.DataFrame(found, schema=SHOWN)
    placed = in_attempts(rows, trace)
    ended = failed_runs(trace, ["device_preparation"]).filter(pl.col("mark").is_in(NOT_INSTALLED))
    over = ended.group_by("device", "attempt").agg(over_at=pl.col("at").max())
    judged = placed.join(over, on=["device", "attempt"], how="left", maintain_order="left")
    before = (pl.col("at") <= pl.col("over_at")).fill_null(value=False)
    severity = pl.when(before).then(pl.lit(CRITICAL)).otherwise(pl.lit(WARNING))
    return proof(judged.with_columns(severity=severity), item=pl.col("item"))


SHOWN = {
    "device": pl.String(),
    "member": pl.String(),
    "record": pl.Int64(),
    "at": pl.Datetime("us", "UTC"),
    "item": pl.String(),
    "detail": pl.String(),
}


def _policies(tables: Tables) -> dict[str, str]:
    """Return the names of the policies of App Control that began, by their id."""
    begun = [fields_of(row) for row in events_of(tables, [POLICY_BEGAN]).iter_rows(named=True)]
    return {one[POLICY_ID].lower(): one[POLICY_NAME] for one in begun if {POLICY_ID, POLICY_NAME} <= set(one)}


def _row(event: dict[str, Any], names: dict[str, str]) -> dict[str, Any] | None:
    """Return what one event blocked of the agent, and by which policy; None where the file is another's."""
    file, _, policy = blocked_in(event)
    if not AGENTS_OWN.search(file):
        return None
    given = policy or fields_of(event).get(POLICY_ID, "")
    named = names.get(given.lower(), given)
    by = " ".join(filter(None, (event["guard"], named)))
    kept = {name: event[name] for name in ("device", "member", "record", "at")}
    return kept | {"item": f"{short_name(file)}, by {by}", "detail": quoting.fields(event["data"] or "")}
