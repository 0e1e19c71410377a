"""What a service or a component refused during deployment, in its own words, and what that rules out."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import events_of, in_attempts, properties, unwell
from autopilot_analysis.findings.rule import PROOF, proof, rule
from autopilot_analysis.tables import Tables, Trace

HARDWARE = ["device_preparation", "entra_join"]
"""Stages in which a device shows what its TPM is."""
AIK_OUTPUT = r"(?i)certreq[^/]*aik"
"""Name of the member that holds what the enrolment of an attestation key printed."""
NEVER = pl.lit(None, dtype=PROOF["at"])


def _failed_in(trace: Trace, stages: list[str]) -> pl.DataFrame:
    """Return the attempts that failed or never ended in one of some stages."""
    failed = unwell(trace).filter(pl.col("failed_stage").is_in(stages))
    return failed.select("device", "attempt")


def _answered(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose answer facts/attestation_answers.csv knows, under the rule it names."""
    known = read_facts("attestation_answers")
    matched = [
        rows.filter(pl.col("detail").str.contains(pattern)).with_columns(rule=pl.lit(name))
        for pattern, name in known.select("pattern", "rule").iter_rows()
    ]
    once = ["device", "member", "record", "detail"]
    return pl.concat(matched).unique(once, keep="first", maintain_order=True)


def attestation_messages(tables: Tables) -> pl.DataFrame:
    """Return what the attestation service answered, as the enrolment of a key printed it.

    Args:
        tables: What `read_tables` returned.
    """
    return properties(tables, r"^message$", r"\w").filter(pl.col("member").str.contains(AIK_OUTPUT))


@rule("ATTESTATION-ANSWERS")
def attestation_answers(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Answers of the attestation and the join service about a TPM, where an attempt failed on it."""
    failed = _failed_in(trace, HARDWARE)
    undated = attestation_messages(tables).join(failed, on="device").with_columns(at=NEVER)
    joining = in_attempts(events_of(tables, ["udr:204"]), trace)
    joining = joining.join(failed, on=["device", "attempt"], how="semi")
    columns = ["device", "attempt", "member", "record", "at", "detail"]
    return proof(_answered(pl.concat([undated.select(columns), joining.select(columns)])))
