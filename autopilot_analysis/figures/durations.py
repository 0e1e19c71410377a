"""Durations of groups side by side: median, its interval, and the tail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.figures.groups import MOST_GROUPS, group_labels, minutes
from autopilot_analysis.figures.rows import (
    fit_rows,
    label_rows,
    row_axes,
    say_drawn,
    say_left,
    shorten,
)
from autopilot_analysis.figures.style import (
    FEWEST,
    INK,
    NO_LENGTH,
    NO_OTHER,
    QUIET,
    STAGE_COLOURS,
    describe,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.fleet.intervals import CONFIDENCE
from autopilot_analysis.fleet.measures.durations import FAR, TAIL
from autopilot_analysis.wording import SAYS_LENGTH, count, heading, span

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ABOVE = 0.9
"""Rows above the first one, for the words over its dot: they take no part in the layout."""


@takes("measure_durations", "stage", "n", "finished", "unfinished", "p50", "p50_low", "p50_high", TAIL, FAR)
def draw_durations(
    durations: pl.DataFrame | pd.DataFrame,
    ax: Axes | None = None,
    *,
    stage: str = "total",
    most: int | None = MOST_GROUPS,
) -> Axes:
    """Draw the median of each group with its interval, and lines to `TAIL` and `FAR`, slowest group first.

    Args:
        durations: Answer of `measure_durations`.
        ax: Where to draw; a new figure when not given.
        stage: Which of its stages to draw.
        most: Rows to draw at the most, None for all: the slowest groups, and the last row counts the others.

    Raises:
        UnknownName: No stage is called that.

    Returns:
        The Axes. The label of a group says how many durations it stands on and, in brackets, how many more
        were not finished.
    """
    frame = polars_of(durations)
    measured = frame["stage"].cast(pl.String).unique() if "stage" in frame.columns else []
    if stage not in (stages := {"total", *STAGE_COLOURS, *measured}):
        raise UnknownName.among("stage", stage, stages)
    names = frame.columns[: frame.columns.index("stage")] if "stage" in frame.columns else []
    known = frame.filter(pl.col("stage") == stage, pl.col("finished") > 0) if names or frame.height else frame
    if known.is_empty():
        return say_nothing(ax, NO_LENGTH)
    if known["finished"].sum() < FEWEST:
        return say_nothing(ax, f"one attempt alone {SAYS_LENGTH}, {NO_OTHER} compare it with")
    labels = group_labels(known, [name for name in known.columns if name not in names])
    groups = known.with_columns(labels).sort("p50", descending=True)
    known, left = fit_rows(groups, most)
    more = say_left(left, "group", f"quicker, {left['finished'].sum():,} durations")
    ax, size = row_axes(known.height + bool(more), ax)
    places = range(known.height)
    colour = STAGE_COLOURS.get(stage, "#374151")
    p50, low, high, tail, far = (minutes(known[name]) for name in ("p50", "p50_low", "p50_high", TAIL, FAR))
    ax.hlines(places, p50, far, color=colour, linewidth=1)
    ax.hlines(places, p50, tail, color=colour, linewidth=3)
    ax.hlines(places, low.fill_null(p50), high.fill_null(p50), color=INK, linewidth=7, alpha=0.3)
    ax.plot(p50, places, "o", color=INK, markersize=4.5)
    ax.plot(far, places, "|", color=colour, markersize=8)
    above: dict[str, Any] = {"xytext": (0, 5), "textcoords": "offset points", "ha": "center"}
    for place, waited in enumerate(known["p50"]):
        words = ax.annotate(span(waited), (p50[place], place), **above, fontsize=size * 0.85, color=INK)
        words.set_in_layout(False)
    label_rows(ax, [_label(row) for row in known.iter_rows(named=True)], size, more)
    ax.set_xlim(left=0)
    ax.set_ylim(top=-_ABOVE)
    ax.set_xlabel(
        f"{heading(stage)}, minutes: dot median, shade its {CONFIDENCE} interval, thick to {TAIL}, tick {FAR}"
    )
    ax.xaxis.label.set_color(QUIET)
    slow, quick = (groups.row(place, named=True) for place in (0, -1))
    ends = [f"{row['group']}, median {span(row['p50'])}" for row in (slow, quick)]
    about = f"slowest: {ends[0]}; quickest: {ends[1]}" if groups.height > 1 else ends[0]
    counted = f"{count(groups.height, 'group')}, {groups['finished'].sum():,} durations"
    return describe(tidy(ax), f"{heading(stage)} in {counted}; {about}{say_drawn(known, more)}.")


def _label(row: dict[str, object]) -> str:
    more = f" (+{row['unfinished']})" if row["unfinished"] else ""
    return f"{shorten(row['group'], 40)}  n {row['finished']:,}{more}"
