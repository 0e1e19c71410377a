"""What `tpmtool getdeviceinformation` says of a TPM that cannot do what a deployment may ask of it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

HYPHEN = r"^-\s*"
"""With what the tool begins each line about the TPM."""


@rule("TPM-TOOL-AMISS", needs="property=-tpm present")
def tool_amiss(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose TPM is not present, not ready, locked or vulnerable, by the tool that asks it.

    Where a deployment went well it took no such TPM.
    """
    facts = read_facts("tpm_tool").select("line", "words", "amiss")
    lines = properties(tables, HYPHEN, r"\w").with_columns(
        line=pl.col("name").str.to_lowercase().str.replace(HYPHEN, "")
    )
    known = lines.join(facts, on="line", maintain_order="left")
    amiss = known.filter(pl.col("value").str.to_lowercase() == pl.col("amiss"))
    items = amiss.group_by("device", maintain_order=True).agg(item=pl.col("words").str.join("; "))
    well = trace.attempts.filter(pl.col("outcome") == "succeeded").select("device").unique()
    light = well.with_columns(severity=pl.lit("info"))
    named = amiss.join(items, on="device", maintain_order="left")
    return proof(named.join(light, on="device", how="left", maintain_order="left"))
