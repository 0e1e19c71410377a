"""The shape of what a registry place claims about an item, and how its values are read."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts

CLAIM: dict[str, pl.DataType | type[pl.DataType]] = {
    "device": pl.String,
    "item": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "phase": pl.String,
    "blocking": pl.Boolean,
    "outcome": pl.String,
    "reason": pl.String,
    "code": pl.String,
    "exit_code": pl.Int64,
    "required_at": pl.Datetime("us", "UTC"),
    "started_at": pl.Datetime("us", "UTC"),
    "ended_at": pl.Datetime("us", "UTC"),
    "place": pl.String,
    "written": pl.String,
    "member": pl.String,
    "record": pl.Int64,
}
"""Columns of a claim; `place` names the registry area, `written` is the value as it stands there."""


def as_claims(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with exactly the columns of `CLAIM`, absent ones null."""
    return rows.select(
        (pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, kind).alias(name))
        for name, kind in CLAIM.items()
    )


def scaled(rows: pl.DataFrame, scale: str) -> pl.DataFrame:
    """Add outcome and reason from a scale of facts/install_states.csv; an unlisted number stays unknown."""
    facts = read_facts("install_states").filter(pl.col("scale") == scale)
    facts = facts.select(plain=pl.col("value").str.to_lowercase(), outcome="outcome", reason="reason")
    plain = pl.col("written").str.to_lowercase()
    joined = (
        rows.with_columns(plain=plain)
        .join(facts, on="plain", how="left", maintain_order="left")
        .drop("plain")
    )
    return joined.with_columns(outcome=pl.col("outcome").fill_null("unknown"))


def named(label: str) -> pl.Expr:
    """Return the value of that name in a group of rows, the name in lower case."""
    return pl.col("value").filter(pl.col("label") == label).first()


def to_instant(text: pl.Expr) -> pl.Expr:
    """Return ISO or US-style UTC text as an instant, null where it is neither."""
    formats = ("%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%d %H:%M:%S%.f", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")
    return pl.coalesce(
        text.str.to_datetime(f, time_unit="us", strict=False) for f in formats
    ).dt.replace_time_zone("UTC")
