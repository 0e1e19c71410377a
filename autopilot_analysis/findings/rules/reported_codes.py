"""Codes that somebody reports of setup in plain words, and of which no record is there."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.codes.reported import kinds
from autopilot_analysis.facts.quote_groups import BARE, SYMPTOM
from autopilot_analysis.facts.quotes import kinds as quote_kinds
from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.rules.own_logs import failed_enrollments
from autopilot_analysis.findings.rules.page_parts import page_status
from autopilot_analysis.readers.texts.reported.reported_codes import REPORTED
from autopilot_analysis.tables import Tables, Trace

NEEDS = f"property={','.join(kinds())}"
"""What the rule needs: a property of one of these names."""
CODE, LINE = r"^(0x[0-9A-F]{8}): ", r"^0x[0-9A-F]{8}: (.*)$"


@rule("REPORTED-CODES", needs=NEEDS)
def reported_codes(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Codes that a text reports, each under the rule of what it belongs to; not those that a record holds."""
    rows = properties(tables, r"\w", r"\w")
    ours = rows.filter(pl.col("section") == REPORTED)
    if ours.is_empty():
        return no_proof()
    ours = ours.with_columns(code=pl.col("value").str.extract(CODE), detail=pl.col("value").str.extract(LINE))
    others = rows.filter(pl.col("section").ne_missing(REPORTED), ~pl.col("name").is_in(_bare()))
    others = others.select("device", code=code_of(pl.col("value")))
    kept = page_status(tables).select("device", code=code_of(pl.col("value")))
    recorded = (tables.events, trace.marks, failed_enrollments(tables))
    records = [frame.select("device", "code") for frame in recorded]
    held = pl.concat([*records, others, kept])
    alone = ours.join(held.drop_nulls(), on=["device", "code"], how="anti", maintain_order="left")
    known = kinds()
    named = alone.with_columns(
        rule=pl.col("name").replace_strict({kind: row.rule for kind, row in known.items()}),
        stage=pl.col("name").replace_strict(
            {kind: row.stage for kind, row in known.items()}, return_dtype=pl.String
        ),
    )
    return proof(named)


def _bare() -> list[str]:
    """Return the kinds of quotes whose line may hold a code and nothing of what gave it."""
    return [kind.kind for kind in quote_kinds() if kind.group in (BARE, SYMPTOM)]
