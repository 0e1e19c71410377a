"""Estimates with their intervals, one row a group: a quantile, a share, whatever has a low and a high."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.ticker import StrMethodFormatter

from autopilot_analysis.figures.groups import minutes
from autopilot_analysis.figures.rows import edges_of, label_rows, row_axes, shorten
from autopilot_analysis.figures.style import (
    FEWEST,
    MARKED,
    NOTHING_ELSE,
    PLAIN,
    QUIET,
    TEXT,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LOOKS = ((PLAIN, "o"), (MARKED, "s"))
"""Colour and marker of the plain and of the marked rows."""


def draw_estimates(
    estimates: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, name: str = "", log: bool = False
) -> Axes:
    """Draw one row a group: a dot at the estimate and a line over its interval.

    Args:
        estimates: `label`, `value`, `low`, `high`, and perhaps `marked`. Spans are drawn in minutes, shares
            in percent; an end that is null is open and drawn as an arrow.
        ax: Where to draw; a new figure when not given.
        name: What the x axis measures, without its unit.
        log: Whether the x axis is logarithmic.

    Returns:
        The Axes, in the order of the frame; rows of the mark `marked` are square and of another colour, rows
        without a value say "not measured".
    """
    frame: pl.DataFrame = polars_of(estimates)
    spans = frame.schema["value"].is_temporal() if frame.width else False
    unit = "minutes" if spans else "percent"
    numbers = {c: minutes(frame[c]) if spans else frame[c] * 100 for c in ("value", "low", "high")}
    rows = frame.with_columns(**numbers)
    if rows["value"].drop_nulls().is_empty():
        return say_nothing(ax, "no estimate to draw: nothing was measured")
    if rows.height < FEWEST and rows.select(pl.col("low", "high").count()).sum_horizontal()[0] == 0:
        return say_nothing(ax, f"one value, and too few attempts for its interval, {NOTHING_ELSE} compare")
    ax, size = row_axes(rows.height, ax)
    values = pl.concat([rows["value"], rows["low"].alias("value"), rows["high"].alias("value")]).drop_nulls()
    least = edges_of(values.filter(values > 0), 0.01)[0] * 0.85 if log else 0.0
    edges = (least, edges_of(values, 0.0)[1] * 1.08)
    for place, row in enumerate(rows.iter_rows(named=True)):
        _draw_row(ax, place, row, edges, size)
    if log:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        ax.xaxis.set_minor_formatter(StrMethodFormatter("{x:g}"))
        ax.tick_params(axis="x", which="both", labelsize=TEXT)
    ax.set_xlim(least, max(edges[1] * 1.04, least + 0.01))
    label_rows(ax, [shorten(label, 56) for label in rows["label"]], max(size, 6.5))
    ax.set_xlabel(f"{shorten(name, 90)}, {unit}{', logarithmic' if log else ''}")
    return tidy(ax)


def _draw_row(ax: Axes, place: int, row: dict[str, Any], edges: tuple[float, float], size: float) -> None:
    colour, marker = LOOKS[bool(row.get("marked"))]
    if row["value"] is None:
        ax.annotate(
            "not measured",
            (0.01, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=size,
            color=QUIET,
        )
        return
    low, high = (edges[i] if row[end] is None else row[end] for i, end in enumerate(("low", "high")))
    ax.plot([low, high], [place, place], color=colour, linewidth=1.8, alpha=0.7)
    for end, at, arrow in (("low", low, "<"), ("high", high, ">")):
        if row[end] is None:
            ax.plot([at], [place], marker=arrow, color=colour, markersize=4)
    ax.plot([row["value"]], [place], marker=marker, color=colour, markersize=6)
