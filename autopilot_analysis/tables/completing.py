"""Frames made whole, several captures in one row, and rows found by what stands in them many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from autopilot_analysis.tables.capture import PRESENCE


def with_lacking(
    frame: pl.DataFrame, kinds: Mapping[str, pl.DataType] | Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    """Return the frame with every named column: those that it lacks are null.

    Args:
        frame: Any frame.
        kinds: Names of columns and their types, such as a schema.
    """
    lacking = {name: kind for name, kind in kinds.items() if name not in frame.columns}
    if not lacking:
        return frame
    return frame.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in lacking.items())


def where_distinct(frame: pl.DataFrame, column: str, fits: pl.Expr) -> pl.DataFrame:
    """Return the rows in which a column fits, as `filter` does, with each distinct text looked at once.

    A registry key stands in a row for each of its values, so a pattern looks at a sixth of the texts.

    Args:
        frame: Any frame.
        column: A column of texts that repeat.
        fits: A condition on that column alone.
    """
    fitting = frame.select(pl.col(column).unique()).filter(fits).to_series()
    if fitting.is_empty():
        return frame.clear()
    return frame.filter(pl.col(column).is_in(fitting.implode()))


def merge_captures(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return one row a key: several captures of one device complete each other, the later first.

    Of coverage the best presence counts; members and records add up, and its time spans all of them.

    Args:
        frame: Rows of `devices` or `coverage`.
        key: What tells rows apart, `device` among them.
    """
    if frame.height == 1:
        return frame
    if "collected_at" in frame.columns:
        frame = frame.sort("collected_at", descending=True, nulls_last=True)
    rest = {name: pl.col(name).drop_nulls().first() for name in frame.columns if name not in key}
    if "presence" in rest:
        best = pl.col("presence").cast(pl.Enum(PRESENCE)).to_physical()
        rest |= {name: pl.col(name).sum() for name in ("members", "records")}
        rest |= {"first_at": pl.col("first_at").min(), "last_at": pl.col("last_at").max()}
        rest["presence"] = pl.col("presence").sort_by(best).first()
    merged = frame.group_by(key, maintain_order=True).agg(expr.alias(name) for name, expr in rest.items())
    return merged.select(frame.columns).sort(key)
