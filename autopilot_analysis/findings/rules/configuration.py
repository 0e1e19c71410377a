"""The configuration: requirements that the device's own evidence shows unmet."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.signs.signs import answerable, gather, match, with_mending
from autopilot_analysis.findings.weighing import agreed_code, weigh
from autopilot_analysis.tables import Tables, Trace


def unmet(tables: Tables, trace: Trace, facts: str, sign: str, prefix: str) -> pl.DataFrame:
    """Return the proofs of every row of a facts table whose sign holds.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        facts: Name of the table; it has the columns id, stage and mended_by.
        sign: Its column with the sign.
        prefix: What stands before the id in the rule's id.
    """
    evidence = gather(tables, trace)
    met = []
    for row in read_facts(facts).iter_rows(named=True):
        rows = match(row[sign], evidence) if answerable(row[sign]) else evidence.nothing
        if rows.height:
            about = pl.lit(row["stage"], dtype=pl.String)
            dated = with_mending(rows, row["mended_by"], evidence)
            met.append(dated.with_columns(rule=pl.lit(f"{prefix}{row['id']}"), about=about))
    if not met:
        return no_proof()
    return proof(weigh(pl.concat(met), trace).with_columns(code=agreed_code()))


@rule("CONFIGURATION")
def configuration(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Every check of facts/configuration_checks.csv that can be answered and is not met."""
    return unmet(tables, trace, "configuration_checks", "sign", "CHECK-")
