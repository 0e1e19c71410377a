"""Groups that differ, each beside the rest of the fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from autopilot_analysis.colours import PALE
from autopilot_analysis.figures.groups import in_words
from autopilot_analysis.figures.rows import (
    ROWS,
    fit_rows,
    label_rows,
    row_axes,
    say_drawn,
    say_left,
    say_percent,
    shorten,
    write_beside,
)
from autopilot_analysis.figures.style import FAILURE, QUIET, SMALL, describe, say_nothing, tidy
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.fleet.intervals import CONFIDENCE
from autopilot_analysis.wording import TITLES, count, percent, ratio, share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LINES = 2
"""Rows of type that one group takes."""


class Mark(NamedTuple):
    """What stands at a share: as figures spell it, and in words."""

    marker: str
    words: str


GROUP, REST = Mark("s", "square"), Mark("o", "circle")
"""Of a group that differs, and of everyone else."""
MARKS = f"{GROUP.words} this group with its {CONFIDENCE} interval, {REST.words} the rest"


@takes(
    "measure_contrasts",
    "where",
    "n",
    "k",
    "share",
    "low",
    "high",
    "rest_share",
    "lift",
    "lift_low",
    "lift_high",
)
def draw_contrasts(
    contrasts: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, most: int | None = ROWS // _LINES
) -> Axes:
    """Draw the share of each group with its interval, and as an open mark the share of everyone else.

    Args:
        contrasts: Answer of `measure_contrasts`, or the contrasts of an explanation.
        ax: Where to draw; a new figure when not given.
        most: Rows to draw at the most, None for all: the best explanations; the last row counts the others.

    Returns:
        The Axes, the best explanation at the top; beside each group its counts and how many times likelier
        it is hit, with the interval of that.
    """
    frame = polars_of(contrasts)
    if frame.is_empty():
        return say_nothing(ax, "no group stands out")
    groups = frame.height
    frame, left = fit_rows(frame, most)
    more = say_left(left, "group", "they explain less")
    ax, size = row_axes(_LINES * (frame.height + bool(more)), ax)
    size = max(size, SMALL)
    places = range(frame.height)
    ax.hlines(places, frame["rest_share"], frame["share"], color=PALE, linewidth=1)
    ax.hlines(places, frame["low"], frame["high"], color=FAILURE, linewidth=2.5)
    ax.plot(frame["share"], places, GROUP.marker, color=FAILURE, markersize=7)
    ax.plot(frame["rest_share"], places, REST.marker, color=QUIET, markersize=7, markerfacecolor="white")
    for place, row in enumerate(frame.iter_rows(named=True)):
        lift, low, high = (ratio(row[name]) for name in ("lift", "lift_low", "lift_high"))
        words = f"{row['k']:,} of {row['n']:,}; {lift} {TITLES['lift']} ({low} to {high})"
        write_beside(ax, words, (row["high"], place), size * 0.95, gap=7)
    label_rows(ax, [shorten(in_words(where), 48) for where in frame["where"]], size, more)
    highest = float(
        frame.select(pl.max_horizontal(pl.col("high").max(), pl.col("rest_share").max())).item() or 1
    )
    ax.set_xlim(0, highest * 1.75)
    ax.xaxis.set_major_formatter(lambda value, place: say_percent(value, place) if value <= 1 else "")
    ax.set_xlabel(f"share that was hit: {MARKS}")
    first = frame.row(0, named=True)
    often = share(first["k"], first["n"], first["low"], first["high"])
    rest = "" if first["rest_share"] is None else f", against {percent(first['rest_share'], 0)} elsewhere"
    about = f"first: {in_words(first['where'])}, {often}{rest}"
    stand = count(groups, "group stands", "groups stand")
    return describe(tidy(ax), f"{stand} out; {about}{say_drawn(frame, more)}.")
