"""The search: run every rule, add its words, tell causes from consequences, sort by weight."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from autopilot_analysis.codes import explain
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rule import RULES, RuleFunction
from autopilot_analysis.tables import ROLES, SEVERITIES, Evidence, Finding, Findings, Tables, Trace

KEY = ["device", "rule", "code", "item"]
LONGEST_QUOTE = 400


def _proofs(tables: Tables, trace: Trace, rules: Mapping[str, RuleFunction]) -> pl.DataFrame:
    """Run every rule; its rows carry the rule's id."""
    found = [run(tables, trace).with_columns(rule=pl.lit(name)) for name, run in sorted(rules.items())]
    frame = pl.concat(found)
    return frame.with_columns(quote=pl.col("quote").str.slice(0, LONGEST_QUOTE)).unique(maintain_order=True)


def _grouped(proofs: pl.DataFrame) -> pl.DataFrame:
    """One finding for equal proofs: four equal refusals are one finding of four attempts."""
    dated = proofs.sort("at", nulls_last=True)
    return dated.group_by(KEY, maintain_order=True).agg(
        at=pl.col("at").min(),
        first_attempt=pl.col("attempt").min(),
        attempts=pl.col("attempt").drop_nulls().n_unique(),
        all_attempts=pl.col("attempt").drop_nulls().unique().sort(),
    )


def _explained(found: pl.DataFrame) -> pl.DataFrame:
    """Mark a finding as a consequence where a rule that explains it fired on the same device and attempt."""
    pairs = read_facts("explains").select("cause", "consequence")
    causes = found.select("device", cause="rule", cause_attempts="all_attempts")
    explained = (
        found.join(pairs, left_on="rule", right_on="consequence")
        .join(causes, on=["device", "cause"])
        .filter(
            pl.col("all_attempts").list.set_intersection("cause_attempts").list.len().gt(0)
            | pl.col("all_attempts").list.len().eq(0)
            | pl.col("cause_attempts").list.len().eq(0)
        )
        .select(*KEY)
        .unique()
        .with_columns(explained=True)
    )
    return found.join(explained, on=KEY, how="left", nulls_equal=True).with_columns(
        role=pl.when(pl.col("severity") == "info").then(pl.lit("context"))
        .when(pl.col("explained").fill_null(value=False)).then(pl.lit("consequence"))
        .when(pl.col("default_role") == "context").then(pl.lit("context"))
        .otherwise(pl.lit("cause"))
    )  # fmt: skip


def _worded(found: pl.DataFrame) -> pl.DataFrame:
    """Fill the words of each rule with its code, what it means, its item and its number of attempts."""
    rows = []
    for row in found.iter_rows(named=True):  # one row a finding: a handful
        told = explain(row["code"], stage=row["stage"], scenario=row["scenario"]) if row["code"] else None
        code = "" if row["code"] is None else f" ({row['code']})"
        many = f", in {row['attempts']} attempts" if row["attempts"] > 1 else ""
        about = f": {row['item']}" if row["item"] else ""
        means = f" {row['code']}: {told.meaning}" if told is not None and told.meaning else ""
        remedy = told.remedy if told is not None and told.remedy and row["remedy"] is None else row["remedy"]
        rows.append(
            {
                **row,
                "title": row["title"] + about + code + many,
                "meaning": row["meaning"] + means,
                "remedy": remedy,
            }
        )
    return pl.DataFrame(rows, schema=found.schema) if rows else found


def find(tables: Tables, trace: Trace, *, rules: Mapping[str, RuleFunction] | None = None) -> Findings:
    """Return what went wrong, causes and severest first, each with the records that prove it.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        rules: Rules to run; None runs all that ship with the package and all registered beside them.

    Returns:
        The findings, one row a device, rule, code and item, and their evidence. `attempt` is null where a
        finding spans several attempts; the evidence then names each.

    Example:
        >>> from autopilot_analysis import build_trace, find, open_export, read_tables
        >>> tables = read_tables(open_export("data/mdm-enrollment-refused.cab"))
        >>> find(tables, build_trace(tables)).findings["code"][0]
        '0x80180014'
    """
    proofs = _proofs(tables, trace, RULES if rules is None else rules)
    words = read_facts("rules").with_columns(
        confidence=pl.col("confidence").cast(pl.Float64),
        severity=pl.col("severity").cast(pl.Enum(SEVERITIES)),
    )
    found = _grouped(proofs).join(
        words.select("rule", "stage", "severity", "confidence", "title", "meaning", "remedy", "page", default_role="role"), on="rule", how="left"
    )  # fmt: skip
    scenarios = trace.attempts.select("device", first_attempt="attempt", scenario="scenario")
    found = found.join(scenarios, on=["device", "first_attempt"], how="left")
    found = _worded(_explained(found)).with_columns(
        attempt=pl.when(pl.col("attempts") == 1).then("first_attempt"),
        role=pl.col("role").cast(pl.Enum(ROLES)),
    )
    weight = pl.col("severity").to_physical() + 10 * (pl.col("severity") == "info")
    ordered = found.sort(
        weight,
        pl.col("role").to_physical(),
        -pl.col("confidence"),
        "at",
        nulls_last=True,
        maintain_order=True,
    )
    evidence = proofs.join(found.select(*KEY), on=KEY, how="semi", nulls_equal=True).sort(
        "device", "rule", "at", nulls_last=True
    )
    return Findings(
        findings=Finding.validate(ordered.select(Finding.column_names()), cast=True),
        evidence=Evidence.validate(evidence.select(Evidence.column_names()), cast=True),
    )
