"""Known issues: those whose sign holds on the device."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import UNWELL
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.signs.signs import answerable, gather, match
from autopilot_analysis.findings.weighing import weigh
from autopilot_analysis.findings.words import AREA_STAGES
from autopilot_analysis.tables import Tables, Trace

HAPPENED = ["event", "code", "app"]
"""Kinds of signs that are traces of a failure: on a device that did not fail they mean nothing."""

STATES = ["build", "model", "tpm"]
"""Signs that only say what the device is: they weigh where the issue strikes the stage that failed."""


@rule("KNOWN-ISSUES")
def known_issues(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Every known issue of facts/known_issues.csv whose sign can be answered and holds."""
    evidence = gather(tables, trace)
    ill = trace.attempts.filter(pl.col("outcome").is_in(UNWELL)).select("device").unique()
    frames = []
    for issue in read_facts("known_issues").iter_rows(named=True):
        if not answerable(issue["sign"]):
            continue
        rows = match(issue["sign"], evidence)
        if rows.height and issue["sign_kind"] in HAPPENED:
            rows = rows.join(ill, on="device", how="semi")
        if rows.is_empty():
            continue
        about = AREA_STAGES.get(issue["area"] or "")
        heavy = weigh(rows.with_columns(about=pl.lit(about, dtype=pl.String)), trace)
        if issue["sign_kind"] in HAPPENED:
            heavy = heavy.filter(pl.col("severity") != "info")
        elif about is None and issue["sign_kind"] in STATES:
            heavy = heavy.with_columns(severity=pl.lit("info"))
        frames.append(proof(heavy.with_columns(rule=pl.lit(f"KNOWN-{issue['id']}"), code=_same_code(heavy))))
    return all_proofs(frames)


def _same_code(rows: pl.DataFrame) -> pl.Expr:
    """The code of an issue's finding, when its proofs agree on one."""
    codes = rows["code"].drop_nulls().unique()
    return pl.lit(codes[0] if codes.len() == 1 else None, dtype=pl.String)
