"""What `tpmtool` and `Get-Tpm` say of a TPM that cannot do what a deployment may ask of it."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.tpm_tool import ATTESTS, line_of
from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.tables import Tables, Trace

HYPHEN = r"^-\s*"
"""With what the tool begins each line about the TPM."""
ABSENT = "present"
"""Where there is no TPM, what else is said of it says no more."""
ATTESTING = (ATTESTS, "can attest")
"""What one of an old version cannot do."""
VERSION = r"^(?:-\s*tpm version|tpmhli version)$"
TOO_OLD = r"^\s*(1\.\d)"
"""Attestation came with TPM 2.0."""


@rule("TPM-ANSWERS", needs="property=-tpm present")
def tool_amiss(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose TPM is absent, not ready, locked or vulnerable, by Windows' own words.

    Where a deployment went well it took no such TPM. That one of version 1.2 cannot attest is another
    finding.
    """
    facts = read_facts("tpm_tool").select(pl.col("line").str.to_lowercase(), "words", "amiss", "rule")
    lines = properties(tables, HYPHEN, r"\w").with_columns(
        line=pl.col("name").str.to_lowercase().str.replace(HYPHEN, "")
    )
    known = lines.join(facts, on="line", maintain_order="left")
    amiss = known.filter(pl.col("value").str.to_lowercase() == pl.col("amiss"))
    of_presence = pl.col("line") == line_of(ABSENT)
    amiss = amiss.filter(~of_presence.any().over("device", "member") | of_presence)
    attesting = pl.lit([line_of(name) for name in ATTESTING])
    old = properties(tables, VERSION, TOO_OLD).select("device", line=attesting).explode("line")
    amiss = amiss.join(old, on=["device", "line"], how="anti")
    words = pl.col("words").unique(maintain_order=True).str.join("; ")
    items = amiss.group_by("device", "rule", maintain_order=True).agg(item=words)
    named = amiss.join(items, on=["device", "rule"], maintain_order="left")
    return proof(_light_where_well(named, trace))


@rule("TPM-TOO-OLD", needs="property=-tpm version,tpmhli version")
def too_old(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose TPM is of version 1.2, which attests to nobody."""
    of_version = properties(tables, VERSION, TOO_OLD)
    of_version = of_version.with_columns(item=pl.format("version {}", pl.col("value").str.extract(TOO_OLD)))
    return proof(_light_where_well(of_version, trace))


def _light_where_well(rows: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Make what is told no more than a note where a deployment of the device went well."""
    well = trace.attempts.filter(pl.col("outcome") == "succeeded").select("device").unique()
    light = well.with_columns(severity=pl.lit("info"))
    return rows.join(light, on="device", how="left", maintain_order="left")
