"""Every day as a square: weeks across, weekdays down, the share or the median as a shade."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from matplotlib import pyplot as plt

from autopilot_analysis.figures.rows import DAY, say_percent
from autopilot_analysis.figures.style import (
    FEWEST,
    INK,
    QUIET,
    SMALL,
    TINY,
    describe,
    fit_type,
    new_axes,
    say_nothing,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.fleet.periods import DAYS, WEEK, start_of
from autopilot_analysis.wording import BEYOND_CHANCE, MEDIAN_MINUTES, count, in_minutes, share, short_day

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_WEEKS = 60
SHADES = 12
"""Steps of colour; of many more the scale beside the weeks becomes an image, which no page shows."""
ODD = "x"
"""The sign of days beyond what chance allows, on their squares and in the words below them."""
TICK, AROUND = 0.8, 1.5
"""Inches that a date takes, and those that weekdays and scale take beside the weeks."""


@takes("measure_daily", "at", "n", "k", "value", "outside")
def draw_calendar(daily: pl.DataFrame | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each day as a square, darker where more failed or where it took longer.

    Args:
        daily: Answer of `measure_daily` by day.
        ax: Where to draw; a new figure when not given.

    Returns:
        The Axes: the last `MOST_WEEKS` weeks. `ODD` marks days beyond what chance allows, a white square with
        a faint rim a day without attempts.
    """
    frame = polars_of(daily)
    if frame.height < FEWEST:
        return say_nothing(ax, "attempts ended on one day at most, so there are no days to compare")
    first = frame.select(start_of(pl.col("at"), WEEK).min()).item()
    assert isinstance(first, datetime)
    last = frame["at"].max()
    assert isinstance(last, datetime)
    weeks = (last - first).days // 7 + 1
    start = first + timedelta(weeks=max(0, weeks - MOST_WEEKS))
    shown = frame.filter(pl.col("at") >= start)
    weeks = min(weeks, MOST_WEEKS)
    width = max(5.0, 1.6 + 0.27 * weeks)
    ax = ax or new_axes(width=width, height=2.9)
    places = (shown["at"] - start).dt.total_days().to_numpy()
    cells = np.full((7, weeks), np.nan)
    cells[places % 7, places // 7] = shown["value"].to_numpy()
    shades = plt.get_cmap("OrRd", SHADES)
    image = ax.pcolormesh(
        cells, cmap=shades, vmin=0, vmax=float(np.nanmax(cells)) or 1.0, edgecolors="white", linewidth=1.5
    )
    for place, outside in zip(places, shown["outside"], strict=True):
        if outside:
            ax.plot(place // 7 + 0.5, place % 7 + 0.5, ODD, color=INK, markersize=6, markeredgewidth=1.4)
    bar = plt.colorbar(image, ax=ax, shrink=0.8, pad=0.02)
    shares = shown["k"].null_count() == 0
    bar.ax.yaxis.set_major_formatter(say_percent if shares else "{x:.0f}")
    bar.ax.tick_params(labelsize=TINY, labelcolor=QUIET)
    bar.outline.set_visible(False)
    ticks = range(0, weeks, ceil(weeks * TICK / (width - AROUND)))
    ax.set_xticks(
        [t + 0.5 for t in ticks], [f"{start + timedelta(weeks=t):{DAY} %Y}" for t in ticks], fontsize=SMALL
    )
    ax.set_yticks([d + 0.5 for d in range(7)], DAYS, fontsize=SMALL)
    ax.invert_yaxis()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    what = "share of ended attempts" if shares else MEDIAN_MINUTES
    ax.set_xlabel(f"{what}, {count(int(shown['n'].sum()), 'attempt')}; {ODD}: {BEYOND_CHANCE}")
    worst = shown.sort("value", "n", descending=True, nulls_last=True).row(0, named=True)
    highest = share(worst["k"], worst["n"]) if shares else in_minutes(worst["value"])
    days = f"{count(shown.height, 'day')} with {count(int(shown['n'].sum()), 'attempt')}, {what}"
    odd = f"{int(shown['outside'].sum()):,} {BEYOND_CHANCE}"
    return describe(fit_type(ax), f"{days}; highest on {short_day(worst['at'])}: {highest}; {odd}.")
