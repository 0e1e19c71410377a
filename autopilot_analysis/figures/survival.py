"""How many are not there yet, minute by minute, with bands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from autopilot_analysis.figures.groups import LOOKS, group_labels, minutes
from autopilot_analysis.figures.rows import edges_of, say_percent, shorten
from autopilot_analysis.figures.style import (
    FEWEST,
    GRID,
    INK,
    QUIET,
    SMALL,
    describe,
    new_axes,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.fleet.measures.survival import CURVE
from autopilot_analysis.wording import count, percent, span

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_POINTS = 2000
"""Steps of one curve that a figure can show; further ones are left out evenly."""


@takes("measure_survival", *CURVE[:-1])
def draw_survival(
    curves: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, until: timedelta | None = None
) -> Axes:
    """Draw the share of attempts not yet there against minutes, one line a group with its band.

    Args:
        curves: Answer of `measure_survival`.
        ax: Where to draw; a new figure when not given.
        until: Where the picture ends; the time by which 99.5 % of what happened had happened when left out.

    Returns:
        The Axes. Of more than seven groups the largest seven are drawn. The legend says how many attempts
        and how many of them censored each curve stands on, and its median.
    """
    frame = polars_of(curves)
    if frame.is_empty():
        return say_nothing(ax, "no attempt says how long it was waited for")
    if frame.select(pl.col("events", "censored").sum()).sum_horizontal()[0] < FEWEST:
        return say_nothing(ax, "one attempt alone was waited for, so there is no share to draw")
    ax = ax or new_axes(height=3.6)
    frame = frame.with_columns(group_labels(frame, CURVE))
    sizes = frame.group_by("group", maintain_order=True).agg(
        n=pl.col("at_risk").max(), censored=pl.col("censored").sum(), events=pl.col("events").sum()
    )
    largest = sizes.sort("n", "group", descending=[True, False]).head(len(LOOKS))
    medians = []
    for (group, n, censored, _), look in zip(largest.iter_rows(), LOOKS, strict=False):
        curve = frame.filter(pl.col("group") == group)
        middle = curve.filter(pl.col("survival") <= 0.5)["at"]
        median = span(middle[0]) if middle.len() else "not reached"
        words = f"{shorten(group, 34)}: n {n:,}, {percent(censored / n, 0)} censored, median {median}"
        medians.append(words)
        _draw_curve(ax, curve, look[0], look[1], words)
    ax.set_xlim(0, until.total_seconds() / 60 if until else _end(frame))
    ax.set_ylim(0, 1.02)
    ax.yaxis.set_major_formatter(say_percent)
    ax.set_ylabel("not there yet")
    hidden = sizes.height - largest.height
    ax.set_xlabel("minutes" + (f"; {hidden} smaller groups are not drawn" if hidden else ""))
    ax.legend(
        loc="upper right", fontsize=SMALL, frameon=True, framealpha=0.85, edgecolor="none", labelcolor=INK
    )
    ax.grid(axis="y", color=GRID, linewidth=0.8)
    tidy(ax).tick_params(axis="y", labelcolor=QUIET)
    return describe(ax, f"{count(len(medians), 'curve')}. {'; '.join(medians)}.")


def _draw_curve(ax: Axes, curve: pl.DataFrame, colour: str, line: object, words: str) -> None:
    step = max(1, curve.height // MOST_POINTS)
    shown = pl.concat([curve.gather_every(step), curve.tail(1)]) if step > 1 else curve
    start = pl.DataFrame({"x": [0.0], "y": [1.0], "low": [1.0], "high": [1.0]})
    points = shown.select(x=minutes(shown["at"]), y="survival", low="low", high="high")
    points = pl.concat([start, points]).with_columns(pl.col("low", "high").forward_fill())
    x, y = points["x"].to_numpy(), points["y"].to_numpy()
    ax.fill_between(
        x,
        points["low"].to_numpy(),
        points["high"].to_numpy(),
        step="post",
        color=colour,
        alpha=0.15,
        linewidth=0,
    )
    ax.step(x, y, where="post", color=colour, linestyle=line, linewidth=1.6, label=words)


def _end(frame: pl.DataFrame) -> float:
    happened = frame.filter(pl.col("events") > 0).sort("at")
    if happened.is_empty():
        return edges_of(minutes(frame["at"]), 1)[1]
    share = happened["events"].cum_sum() / happened["events"].sum()
    last = happened.filter(share <= 0.995)["at"]
    return edges_of(minutes(last if last.len() else happened["at"]), 1)[1] * 1.1
