"""The shape of what a registry place claims about an item, and how its values are read."""

from __future__ import annotations

from functools import cache

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
    "error": pl.String,
    "version": pl.String,
    "required_at": pl.Datetime("us", "UTC"),
    "started_at": pl.Datetime("us", "UTC"),
    "ended_at": pl.Datetime("us", "UTC"),
    "place": pl.String,
    "written": pl.String,
    "member": pl.String,
    "record": pl.Int64,
}
"""Columns of a claim; `place` names the registry area, `written` is the value as it stands there and `error`
what a script printed of its error."""
_SINCE_1601 = 11_644_473_600_000_000
"""Microseconds from the beginning of 1601 to that of 1970."""


def as_claims(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with exactly the columns of `CLAIM`, absent ones null."""
    if rows.is_empty():
        return no_claims()
    return rows.select(
        (pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, kind).alias(name))
        for name, kind in CLAIM.items()
    )


@cache
def no_claims() -> pl.DataFrame:
    """Return claims without a row."""
    return pl.DataFrame(schema=CLAIM)


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


def of_filetime(number: pl.Expr) -> pl.Expr:
    """Return the instant that a number of 100 ns since 1601 stands for, null for none and for 0."""
    ticks = number.cast(pl.Int64, strict=False)
    micros = ticks // 10 - _SINCE_1601
    return pl.when(ticks > 0).then(micros.cast(pl.Datetime("us"))).dt.replace_time_zone("UTC")


def to_instant(text: pl.Expr) -> pl.Expr:
    """Return ISO or US-style UTC text as an instant, null where it is neither."""
    formats = ("%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%d %H:%M:%S%.f", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")
    return pl.coalesce(
        text.str.to_datetime(f, time_unit="us", strict=False) for f in formats
    ).dt.replace_time_zone("UTC")
