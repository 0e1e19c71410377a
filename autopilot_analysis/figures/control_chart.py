"""Day after day against what chance allows, with the days on which the level moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from autopilot_analysis.colours import CHANGE_LINE
from autopilot_analysis.figures.groups import in_words
from autopilot_analysis.figures.rows import days, label_times, say_percent, shorten
from autopilot_analysis.figures.style import (
    FAILURE,
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
from autopilot_analysis.fleet.explanation.days.daily import SIGMAS_WORDS
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.wording import (
    BEYOND_CHANCE,
    MEDIAN_MINUTES,
    count,
    in_minutes,
    levels,
    share,
    short_day,
    short_moment,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ODD, ODD_IN_WORDS = "D", "diamond"
"""The sign of a time beyond the band, and what the words below the chart call it."""
PAPER = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1}
"""What words stand on, so that nothing drawn below them makes them hard to read."""


@takes("measure_daily", "at", "n", "k", "value", "level", "floor", "ceiling", "outside")
def draw_control_chart(
    daily: pl.DataFrame | pd.DataFrame,
    changes: pl.DataFrame | pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each period's value, the level, the band chance allows, and a line at each change.

    Args:
        daily: Answer of `measure_daily`.
        changes: Answer of `measure_changes`, or the changes of an explanation.
        ax: Where to draw; a new figure when not given.

    Returns:
        The Axes. Values beyond the band are filled; a change is named with its group, its candidate cause
        when one lies near, and its level before and after.
    """
    frame = polars_of(daily)
    if frame.is_empty():
        return say_nothing(ax, "no dated attempt ended, so there is no level to draw")
    if frame.height < FEWEST:
        return say_nothing(ax, "attempts ended in one period alone, so there is no level to compare it with")
    ax = ax or new_axes(height=3.8)
    at = days(*frame["at"])
    ax.fill_between(
        at, frame["floor"].to_numpy(), frame["ceiling"].to_numpy(), step="mid", color=GRID, linewidth=0
    )
    ax.step(at, frame["level"], where="mid", color=QUIET, linewidth=1.4)
    inside = frame.filter(~pl.col("outside"))
    beyond = frame.filter(pl.col("outside"))
    ax.plot(at, frame["value"], color=QUIET, linewidth=0.5, alpha=0.5)
    ax.plot(days(*inside["at"]), inside["value"], "o", color=INK, markersize=3, markerfacecolor="white")
    ax.plot(days(*beyond["at"]), beyond["value"], ODD, color=FAILURE, markersize=5)
    shares = frame["k"].null_count() == 0
    ax.set_ylim(0, _top(frame) * 1.3)
    _draw_changes(ax, polars_of(changes))
    if shares:  # words stand in the room above; no share is more than all
        ax.set_yticks([tick for tick in ax.get_yticks() if 0 <= tick <= min(1.0, ax.get_ylim()[1])])
    ax.yaxis.set_major_formatter(say_percent if shares else "{x:.0f}")
    ax.set_ylabel("share" if shares else MEDIAN_MINUTES)
    attempts = count(int(frame["n"].sum()), "attempt")
    label_times(ax, f"{attempts}; band: {SIGMAS_WORDS} standard errors; {ODD_IN_WORDS}: beyond it")
    return describe(tidy(ax), _described(frame, polars_of(changes), shares=shares))


def _described(frame: pl.DataFrame, changes: pl.DataFrame | None, *, shares: bool) -> str:
    """Return what the chart shows in words: how much, the highest, what lies beyond chance, what moved."""
    highest = frame.sort("value", "n", descending=True, nulls_last=True).row(0, named=True)
    value = share(highest["k"], highest["n"]) if shares else in_minutes(highest["value"])
    moved = [short_moment(at) for at in changes["at"]] if changes is not None else []
    parts = (
        f"{count(frame.height, 'period')} with {count(int(frame['n'].sum()), 'attempt')}",
        f"highest at {short_day(highest['at'])}: {value}",
        f"{int(frame['outside'].sum()):,} {BEYOND_CHANCE}",
        f"the level moved on {', '.join(moved)}" if moved else "no day on which the level moved",
    )
    return f"{'; '.join(parts)}."


def _top(frame: pl.DataFrame) -> float:
    """Return the highest value worth a place: a band of a day with one attempt is cut."""
    highest = frame.select(pl.max_horizontal(pl.col("value").max(), pl.col("ceiling").median())).item()
    return float(highest or 1.0)


def _draw_changes(ax: Axes, changes: pl.DataFrame | None) -> None:
    """Draw a line at each change and its words beside it, on the side where there is room."""
    if changes is None:
        return
    left, right = ax.get_xlim()
    for place, row in enumerate(changes.iter_rows(named=True)):
        at = days(row["at"])[0]
        if row["until"] is not None:
            ax.axvspan(at, days(row["until"])[0], color=FAILURE, alpha=0.1, linewidth=0)
        ax.axvline(at, color=FAILURE, linewidth=1.2, linestyle=CHANGE_LINE.figure)
        late = at > (left + right) / 2
        ax.annotate(
            _words(row),
            (at, 1.0 - 0.16 * place),
            xycoords=("data", "axes fraction"),
            xytext=(-4 if late else 4, -2),
            textcoords="offset points",
            va="top",
            fontsize=SMALL,
            color=FAILURE,
            ha="right" if late else "left",
            bbox=PAPER,
        )


def _words(row: dict[str, Any]) -> str:
    plain = {name: row[name] for name in ("measure", "before", "after")}
    words = shorten(f"{short_moment(row['at'])}: {in_words(row['where'])} {levels(plain)}", 70)
    return f"{words}\nnear: {shorten(row['candidate'], 60)}" if row.get("candidate") else words
