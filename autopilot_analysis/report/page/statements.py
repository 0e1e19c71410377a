"""Columns that together are one statement: k of n with its share, a value with its interval, two levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from autopilot_analysis import wording

LEVELS = ("before", "after")
"""Columns of the levels of a change."""

Cell = str | list[Any] | None
"""The text; or the text and what it is sorted by; None where nothing is known."""

RATE = ("k", "n", "share", "low", "high")
"""Columns of a rate: k of n, the share and its interval, where there is one."""
RATES = (RATE, tuple(f"rest_{name}" for name in RATE), ("k", "n", "value", "low", "high"))
"""Rates by the names of their columns: of a group, of everyone else, and of a day."""


def with_rates(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, list[Cell]]]:
    """Return a frame without the parts of its rates, and the cells that say them whole, by their column.

    Args:
        frame: Any frame.
    """
    cells: dict[str, list[Cell]] = {}
    for k, n, share, *interval in RATES:
        if {k, n, share} <= set(frame.columns) and frame[k].null_count() < frame.height:
            bounds = interval if set(interval) <= set(frame.columns) else []
            rows = zip(frame.select(k, n, *bounds).iter_rows(), frame[share], strict=True)
            cells[share] = [
                None if None in row[:2] or not row[1] else [wording.share(*row), sorted_by or 0.0]
                for row, sorted_by in rows
            ]
            frame = frame.drop(k, n, *bounds).with_columns(pl.col(share).fill_null(0.0))
            if share == "value" and "level" in frame.columns:  # where the days stand is a share as they are
                cells["level"] = [
                    None if one is None else [wording.percent(one), one] for one in frame["level"]
                ]
    return frame, cells


def with_levels(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with the levels before and after a change in one column, when it says what they measure.

    What each level was counted from, and its interval, stand in the same words.

    Args:
        frame: Any frame.
    """
    if not {"measure", *LEVELS} <= set(frame.columns):
        return frame
    texts = [wording.levels(row) for row in frame.iter_rows(named=True)]
    merged = ("after", "n_before", *(f"{level}_{side}" for level in LEVELS for side in ("low", "high")))
    whole = frame.with_columns(before=pl.Series(texts, dtype=pl.String)).drop(merged, strict=False)
    return whole.rename({"before": "level"})


def bounds_of(frame: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the columns whose interval two more columns hold: named after them, or low and high behind them.

    Args:
        frame: Any frame.
    """
    own = {name: (f"{name}_low", f"{name}_high") for name in frame.columns}
    found = {name: pair for name, pair in own.items() if set(pair) <= set(frame.columns)}
    if {"low", "high"} <= set(frame.columns) and (place := frame.columns.index("low")):
        found[frame.columns[place - 1]] = ("low", "high")
    return found


def between(values: Sequence[Cell], low: Sequence[Cell], high: Sequence[Cell]) -> list[Cell]:
    """Return each value with its interval behind it; a side that is open is a dash.

    Args:
        values: Cells of a column.
        low: The lower bound of each.
        high: The upper bound of each.
    """
    return [_with_interval(*row) for row in zip(values, low, high, strict=True)]


def _with_interval(value: Cell, low: Cell, high: Cell) -> Cell:
    if value is None or (low is None and high is None):
        return value
    bounds = " to ".join("–" if one is None else str(_text(one)) for one in (low, high))
    text = f"{_text(value)} ({bounds})"
    return [text, value[1]] if isinstance(value, list) else text


def _text(cell: Cell) -> str:
    return str(cell[0] if isinstance(cell, list) else cell)
