"""Known issues: those whose sign holds on the device."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import UNWELL
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.findings.signs.signs import answerable, gather, match, with_mending
from autopilot_analysis.findings.weighing import agreed_code, weigh
from autopilot_analysis.findings.words import AREA_STAGES
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO, WARNING

HAPPENED = ["event", "code", "app"]
"""Kinds of signs that are traces of a failure: on a device that did not fail they mean nothing."""

STATES = ["build", "model", "tpm"]
"""Signs that only say what the device is: they weigh where the issue strikes the stage that failed."""


@rule("KNOWN-ISSUES")
def known_issues(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Every known issue of facts/known_issues.csv whose sign can be answered and holds.

    One that records of its own prove is no mere fit: it is a warning whatever came of the deployment.
    """
    evidence = gather(tables, trace)
    met = []
    for issue in read_facts("known_issues").iter_rows(named=True):
        rows = match(issue["sign"], evidence) if answerable(issue["sign"]) else evidence.nothing
        if rows.height:
            proven = match(issue["proven_by"], evidence) if issue["proven_by"] else evidence.nothing
            about = _about(issue, rows, pl.concat([rows.clear(), proven]))
            met.append(with_mending(about, issue["mended_by"], evidence))
    if not met:
        return no_proof()
    happened = pl.col("sign_kind").is_in(HAPPENED)
    ill = trace.attempts.filter(pl.col("outcome").is_in(UNWELL))["device"].unique().to_list()
    kept = pl.concat(met).filter(~happened | pl.col("device").is_in(ill))
    heavy = weigh(kept, trace).filter(~happened | (pl.col("severity") != INFO))
    anywhere = pl.col("about").is_null() & pl.col("sign_kind").is_in(STATES)
    quiet = pl.when("proven").then(pl.lit(WARNING)).when(anywhere).then(pl.lit(INFO)).otherwise("severity")
    return proof(heavy.with_columns(severity=quiet, code=agreed_code()))


def _about(issue: Mapping[str, str | None], rows: pl.DataFrame, proven: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a sign with the issue they are about, and whether records prove it there."""
    devices = proven.select("device").unique().with_columns(proven=pl.lit(value=True))
    both = pl.concat([rows, proven]).unique(maintain_order=True)
    return both.join(devices, on="device", how="left", maintain_order="left").with_columns(
        pl.col("proven").fill_null(value=False),
        rule=pl.lit(f"KNOWN-{issue['id']}"),
        about=pl.lit(AREA_STAGES.get(issue["area"] or ""), dtype=pl.String),
        sign_kind=pl.lit(issue["sign_kind"], dtype=pl.String),
    )
