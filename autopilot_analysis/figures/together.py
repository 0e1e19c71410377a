"""Which failures meet on one device: an UpSet plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from autopilot_analysis.figures.groups import say_failure
from autopilot_analysis.figures.rows import shorten
from autopilot_analysis.figures.style import (
    FAILURE,
    FEWEST,
    GRID,
    INK,
    NONE_BESIDE,
    QUIET,
    SMALL,
    TINY,
    describe,
    fit_type,
    new_axes,
    say_nothing,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.wording import NOTHING_FAILED, count

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_SETS, MOST_FAILURES = 20, 12


@takes("measure_combinations", "failures", "count", "n", "k")
def draw_together(combinations: pl.DataFrame | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each set of failures as a column of joined dots under a bar of how many devices met exactly it.

    Args:
        combinations: Answer of `measure_combinations`.
        ax: Where to draw; a new figure when not given.

    Returns:
        The Axes; the most frequent `MOST_SETS` sets and `MOST_FAILURES` failures.
    """
    frame = polars_of(combinations)
    if frame.is_empty():
        return say_nothing(ax, NOTHING_FAILED)
    if frame["n"][0] < FEWEST:
        return say_nothing(ax, f"one device failed, {NONE_BESIDE}")
    each = frame.explode("failures").group_by("failures").agg(pl.col("k").sum())
    each = each.sort("k", "failures", descending=[True, False]).head(MOST_FAILURES)
    rows = {name: place for place, name in enumerate(each["failures"])}
    known = pl.col("failures").list.eval(pl.element().is_in(list(rows))).list.all()
    shown = frame.filter(known).head(MOST_SETS)
    ax = ax or new_axes(width=max(7.0, 3.5 + 0.35 * shown.height), height=2.9 + 0.24 * len(rows))
    top, tall = -1.0, max(4.0, 0.8 * len(rows))
    most = int(shown["k"].max() or 1)
    for x, (members, k) in enumerate(shown.select("failures", "k").iter_rows()):
        _draw_set(ax, x, [rows[name] for name in members], len(rows))
        ax.bar(x, -tall * k / most, bottom=top, width=0.62, color=FAILURE if len(members) > 1 else QUIET)
        ax.text(x, top - tall * k / most - 0.15, f"{k:,}", ha="center", va="bottom", fontsize=TINY, color=INK)
    labels = [f"{shorten(say_failure(name), 44)}  {k:,}" for name, k in each.iter_rows()]
    ax.set_yticks(range(len(rows)), labels, fontsize=SMALL)
    ax.set_xticks([])
    ax.set_xlim(-0.7, max(shown.height, 6) - 0.3)
    ax.set_ylim(len(rows) - 0.4, top - tall - 1.0)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    several = int(frame.filter(pl.col("count") > 1)["k"].sum())
    hidden = frame.height - shown.height
    more = f"; {hidden} further sets are not drawn" if hidden else ""
    failed = f"{count(frame['n'][0], 'device')} failed, {several or 'none'} of them in more than one way"
    ax.set_xlabel(f"{failed}{more}")
    first = shown.row(0, named=True)
    met = " with ".join(say_failure(name) for name in first["failures"])
    return describe(fit_type(ax), f"{failed}; the largest set, on {first['k']:,}: {met}.")


def _draw_set(ax: Axes, x: int, members: list[int], rows: int) -> None:
    ax.plot([x] * rows, range(rows), "o", color=GRID, markersize=6)
    ax.plot([x] * len(members), members, "o", color=INK, markersize=6)
    if len(members) > 1:
        ax.plot([x, x], [min(members), max(members)], color=INK, linewidth=1.8)
