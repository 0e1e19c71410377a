"""What fails, most frequent first, and how much of all failures the first few account for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from autopilot_analysis.figures.groups import MOST_GROUPS, group_labels
from autopilot_analysis.figures.rows import (
    fit_rows,
    label_rows,
    row_axes,
    say_drawn,
    say_left,
    say_percent,
    shorten,
    write_beside,
)
from autopilot_analysis.figures.style import (
    FAILURE,
    FEWEST,
    INK,
    NOTHING_ELSE,
    ONE_FAILED,
    QUIET,
    STAGE_COLOURS,
    describe,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.fleet.measures.rates import FAILURES, OF_A_CODE
from autopilot_analysis.wording import NOTHING_FAILED, count, share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@takes("measure_failures", "n", "k", "share", "low", "high", "cumulative", "devices")
def draw_pareto(
    failures: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, most: int | None = MOST_GROUPS
) -> Axes:
    """Draw each failure as a bar with its interval, and the running total as a line of dots.

    Args:
        failures: Answer of `measure_failures`.
        ax: Where to draw; a new figure when not given.
        most: Rows to draw at the most, None for all: the most frequent failures; the last row counts the
            others, and so do the shares and the running total.
    """
    frame = polars_of(failures)
    if frame.is_empty():
        return say_nothing(ax, NOTHING_FAILED)
    if frame["n"][0] < FEWEST:
        return say_nothing(ax, f"{ONE_FAILED}, {NOTHING_ELSE} rank")
    shown, left = fit_rows(frame.with_columns(group_labels(frame, (*FAILURES, *OF_A_CODE))), most)
    more = say_left(left, "kind", f"rarer, {count(int(left['k'].sum()), 'failure')}")
    ax, size = row_axes(shown.height + bool(more), ax)
    places = range(shown.height)
    stages = shown["failed_stage"].cast(pl.String) if "failed_stage" in shown.columns else None
    colours = [STAGE_COLOURS.get(stage or "", QUIET) for stage in stages] if stages is not None else FAILURE
    ax.barh(places, shown["share"], height=0.7, color=colours, alpha=0.75)
    ax.hlines(places, shown["low"], shown["high"], color=INK, linewidth=1)
    ax.plot(
        shown["cumulative"], places, "o-", color=QUIET, markersize=3.5, linewidth=1, markerfacecolor="white"
    )
    for place, row in enumerate(shown.iter_rows(named=True)):
        words = f"{row['k']:,} on {count(row['devices'], 'device')}"
        write_beside(ax, words, (max(row["high"], row["share"]), place), size * 0.9, gap=5)
    symbols = (
        shown["symbol"]
        if "symbol" in shown.columns
        else shown["group"].clear().extend_constant(None, shown.height)
    )
    labels = [
        shorten(f"{group}  {symbol}" if symbol else group, 62)
        for group, symbol in zip(shown["group"], symbols, strict=True)
    ]
    label_rows(ax, labels, size, more)
    ax.set_xlim(0, 1.02)
    ax.xaxis.set_major_formatter(say_percent)
    ax.set_xlabel(f"share of {count(frame['n'][0], 'failure')}; line: running total")
    first = shown.row(0, named=True)
    often = share(first["k"], first["n"], first["low"], first["high"])
    about = f"{count(frame['n'][0], 'failure')}; the most frequent: {shown['group'][0]}, {often}"
    return describe(tidy(ax), f"{about}{say_drawn(shown, more)}.")
