"""Where the minutes go: one bar a group, cut into its stages and what no stage accounts for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from autopilot_analysis.figures.groups import MOST_GROUPS, group_labels, minutes
from autopilot_analysis.figures.rows import (
    draw_bars,
    fit_rows,
    label_rows,
    row_axes,
    say_drawn,
    say_left,
    shorten,
    write_beside,
)
from autopilot_analysis.figures.style import (
    GRID,
    QUIET,
    SMALL,
    STAGE_COLOURS,
    STAGE_HATCHES,
    describe,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.fleet.measures.time_attribution import ATTRIBUTED
from autopilot_analysis.wording import SAYS_LENGTH, count, heading, in_minutes, span, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_REACH = 1.12
"""How far the axis reaches, the longest bar being 1: the words beside bars take no part in the layout."""


@takes("measure_time_attribution", "stage", "n", "excluded", "mean")
def draw_time_attribution(
    attribution: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, most: int | None = MOST_GROUPS
) -> Axes:
    """Draw the mean minutes of each group as a bar cut into stages; the parts sum to the whole.

    Args:
        attribution: Answer of `measure_time_attribution`.
        ax: Where to draw; a new figure when not given.
        most: Rows to draw at the most, None for all: the slowest groups, and the last row counts the others.
    """
    frame = polars_of(attribution)
    known = frame.filter(pl.col("n") > 0)
    if known.is_empty():
        return say_nothing(ax, f"no attempt that ended {SAYS_LENGTH}")
    known = known.with_columns(group_labels(known, ATTRIBUTED), spent=minutes(known["mean"]))
    groups = known.group_by("group", maintain_order=True).agg(
        pl.col("spent").sum(), pl.col("n").first(), pl.col("excluded").first()
    )
    groups = groups.sort("spent", descending=True)
    whole, left = fit_rows(groups, most)
    more = say_left(left, "group", f"quicker, {left['n'].sum():,} attempts")
    ax, size = row_axes(whole.height + bool(more), ax)
    begins = np.zeros(whole.height)
    for stage in known["stage"].unique(maintain_order=True):
        part = whole.join(
            known.filter(pl.col("stage") == stage), on="group", how="left", maintain_order="left"
        )
        spent = part["spent_right"].fill_null(0.0).to_numpy()
        colour, hatch = STAGE_COLOURS.get(stage, "white"), STAGE_HATCHES.get(stage, "")
        edge = GRID if stage in STAGE_COLOURS else QUIET
        look = {"facecolor": colour, "hatch": hatch, "edgecolor": edge, "linewidth": 0.4}
        draw_bars(ax, range(whole.height), begins, spent, 0.72, **look, label=heading(stage))
        begins += spent
    for place, total in enumerate(whole["spent"]):
        took = span(timedelta(minutes=round(total)))
        write_beside(ax, took, (total, place), size * 0.9, in_layout=False)
    labels = [f"{shorten(group, 40)}  n {n:,}" for group, _, n, _ in whole.iter_rows()]
    label_rows(ax, labels, size, more)
    ax.set_xlabel("mean minutes of an attempt that ended")
    ax.set_xlim(0, _REACH * float(begins.max()))
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, fontsize=SMALL, frameon=False, labelcolor=QUIET
    )
    first = whole.row(0, named=True)
    longest = (
        known.filter(pl.col("group") == first["group"]).sort("spent", descending=True).row(0, named=True)
    )
    about = f"{first['group']}, {in_minutes(first['spent'])} on average of {count(first['n'], 'attempt')}"
    mostly = f"most of it {words(longest['stage'])}, {in_minutes(longest['spent'])}"
    counted = f"{count(groups.height, 'group')}; the longest: {about}, {mostly}"
    return describe(tidy(ax), f"{counted}{say_drawn(whole, more)}.")
