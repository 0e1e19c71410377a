"""Errors of a remediation's parts, as Intune keeps them of a device."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import NEVER, proof, rule
from autopilot_analysis.findings.rules.scripts import reason_in
from autopilot_analysis.readers.service.script_states import STATE
from autopilot_analysis.tables import Tables, Trace

PARTS = {
    "preremediationdetectionscripterror": "the detection before the fix",
    "remediationscripterror": "the fix",
    "postremediationdetectionscripterror": "the detection after the fix",
}
"""Properties that hold what a part of a remediation wrote to its error stream."""
QUOTED = 300
"""So many signs of an error are quoted."""


@rule("REMEDIATION-PART-ERROR", needs=f"property={','.join(PARTS)}")
def remediation_part_error(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Parts of a remediation that wrote an error, under the rule whose reason its words name."""
    rows = properties(tables, "|".join(f"^{name}$" for name in PARTS), r"\S")
    own = rows.filter(pl.col("section").str.starts_with(STATE))
    flat = pl.col("value").str.replace_all(r"\s+", " ").str.strip_chars()
    errors = own.with_columns(
        at=NEVER, flat=flat, item=pl.col("name").str.to_lowercase().replace_strict(PARTS)
    )
    reasons = [reason_in(text) for text in errors["flat"]]
    named = errors.with_columns(rule=pl.Series(reasons, dtype=pl.String))
    return proof(named, pl.format("{}: {}", "name", pl.col("flat").str.slice(0, QUOTED)), pl.col("item"))
