"""How many attempts a device needs until it succeeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from matplotlib.ticker import MaxNLocator

from autopilot_analysis.figures.rows import write_beside
from autopilot_analysis.figures.style import (
    FEWEST,
    NONE_BESIDE,
    OUTCOME_HATCHES,
    PLAIN,
    QUIET,
    SMALL,
    TEXT,
    describe,
    new_axes,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.wording import count

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_APART = 8
"""Journeys of this many attempts and more share one bar."""


@takes("measure_journeys", "attempts", "completed")
def draw_journeys(journeys: pl.DataFrame | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many journeys took one attempt, two, and so on; those not yet arrived are hatched.

    Args:
        journeys: Answer of `measure_journeys`.
        ax: Where to draw; a new figure when not given.
    """
    frame = polars_of(journeys)
    if frame.is_empty():
        return say_nothing(ax, "no attempt came to an end")
    if frame.height < FEWEST:
        return say_nothing(ax, f"one device alone made an attempt, {NONE_BESIDE}")
    ax = ax or new_axes(height=2.8)
    counted = (
        frame.with_columns(pl.col("attempts").clip(upper_bound=MOST_APART))
        .group_by("attempts")
        .agg(arrived=pl.col("completed").sum(), open=(~pl.col("completed")).sum())
        .sort("attempts")
    )
    rows = counted["attempts"].to_list()
    ax.barh(rows, counted["arrived"], height=0.66, color=PLAIN, label="arrived")
    ax.barh(
        rows,
        counted["open"],
        left=counted["arrived"],
        height=0.66,
        color="white",
        edgecolor=QUIET,
        hatch=OUTCOME_HATCHES["unfinished"],
        linewidth=0.6,
        label="not arrived",
    )
    for attempts, arrived, still in counted.iter_rows():
        words = f"{arrived:,} arrived" + (f", {still:,} not" if still else "")
        write_beside(ax, words, (arrived + still, attempts), TEXT, gap=5)
    top = max(rows)
    names = [
        f"{n} or more" if n == MOST_APART else "1 attempt" if n == 1 else f"{n} attempts"
        for n in range(1, top + 1)
    ]
    ax.set_yticks(range(1, top + 1), names, fontsize=TEXT)
    ax.set_ylim(top + 0.6, 0.4)
    ax.margins(x=0.2)
    ax.set_xlabel(count(frame.height, "journey"))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.legend(loc="lower right", fontsize=SMALL, frameon=False, labelcolor=QUIET)
    arrived, most = counted["arrived"].sum(), counted.sort("arrived", descending=True)["attempts"][0]
    about = f"{arrived:,} arrived, most of them after {count(most, 'attempt')}"
    return describe(tidy(ax), f"{count(frame.height, 'journey')}: {about}; {frame.height - arrived:,} not.")
