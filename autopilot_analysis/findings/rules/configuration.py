"""The configuration: requirements that the device's own evidence shows unmet."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.signs.signs import answerable, gather, match
from autopilot_analysis.findings.weighing import weigh
from autopilot_analysis.tables import Tables, Trace


def unmet(tables: Tables, trace: Trace, facts: str, sign: str, prefix: str) -> pl.DataFrame:
    """Return the proofs of every row of a facts table whose sign holds.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        facts: Name of the table; it has the columns id and stage.
        sign: Its column with the sign.
        prefix: What stands before the id in the rule's id.
    """
    evidence = gather(tables, trace)
    frames = []
    for row in read_facts(facts).iter_rows(named=True):
        rows = match(row[sign], evidence) if answerable(row[sign]) else None
        if rows is not None and rows.height:
            heavy = weigh(rows.with_columns(about=pl.lit(row["stage"], dtype=pl.String)), trace)
            codes = heavy["code"].drop_nulls().unique()
            one = pl.lit(codes[0] if codes.len() == 1 else None, dtype=pl.String)
            frames.append(proof(heavy.with_columns(rule=pl.lit(f"{prefix}{row['id']}"), code=one)))
    return all_proofs(frames)


@rule("CONFIGURATION")
def configuration(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Every check of facts/configuration_checks.csv that can be answered and is not met."""
    return unmet(tables, trace, "configuration_checks", "sign", "CHECK-")
