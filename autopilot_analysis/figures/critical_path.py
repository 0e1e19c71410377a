"""The critical path of a phase: one row an item, cut into what the phase waited for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from matplotlib.patches import Patch

from autopilot_analysis.figures.rows import (
    ROWS,
    days,
    draw_bars,
    fit_rows,
    label_rows,
    label_times,
    row_axes,
    say_drawn,
    say_left,
    shorten,
    write_beside,
)
from autopilot_analysis.figures.style import (
    FOREST,
    LONGEST_ITEM,
    PURPLE,
    QUIET,
    TINY,
    TRY_COLOURS,
    describe,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.tables.story import STAGE_OF_PHASE, UNATTRIBUTED
from autopilot_analysis.trace.what_if import WHOLE
from autopilot_analysis.wording import ZONE, count, in_minutes, percent, span, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LOOKS = {
    **{part: (colour, "") for part, colour in TRY_COLOURS.items()},
    "script": (FOREST, ""),
    "remediation": ("#44aa99", ""),
    "certificate": ("#cc6677", ""),
    "network": (PURPLE, ""),
    "policy": ("#999933", ""),
    "unfinished": ("#deebf7", "\\\\\\"),
    UNATTRIBUTED: ("white", "xxx"),
}
_WAITING = ("#f0f0f0", "///")
"""Every wait is pale and hatched, what nobody can name is white and crossed."""
_ROW = ["device", "attempt", "holder"]
_ROOM = 0.12
"""Share of the time that stays free behind the bars, for their words."""
_SLIVER = 0.01
"""An item of less than this share of the whole, and of less than a second, has no row of its own."""


@takes("build_critical_path", "cause", "name", "item", "started_at", "ended_at", "waited")
def draw_critical_path(
    path: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, most: int | None = ROWS
) -> Axes:
    """Draw what a phase waited for: one row an item, its parts on it, with its minutes and their share.

    Items stand in the order in which they first held the phase up. Those of less than a second have no row
    of their own.

    Args:
        path: Result of `build_critical_path`, or the path of a `what_if`.
        ax: Where to draw; a new figure when not given.
        most: Rows to draw at the most, None for all: the items that took longest; the last row sums up the
            others.
    """
    frame = polars_of(path)
    if frame.is_empty():
        phase = words(STAGE_OF_PHASE["device"])
        return say_nothing(ax, f"{phase} was not {WHOLE}, so its minutes are not known")
    parts = frame.with_columns(holder=pl.coalesce("item", "cause"))
    total = float(frame["waited"].dt.total_microseconds().sum() or 1) / 1e6
    rows, others = _rows(parts, total, most)
    more = say_left(others, "item", _spent(float(others["seconds"].sum()), total))
    ax, size = row_axes(rows.height + bool(more), ax)
    shown = parts.join(rows, on=_ROW, nulls_equal=True, maintain_order="right_left")
    for (cause,), part in shown.group_by("cause", maintain_order=True):
        left, right = np.array(days(*part["started_at"])), np.array(days(*part["ended_at"]))
        colour, hatch = _look(str(cause))
        look = {"facecolor": colour, "hatch": hatch, "edgecolor": QUIET, "linewidth": 0.6}
        draw_bars(ax, part["row"], left, right - left, 0.72, **look)
    places = [(days(last)[0], spent) for last, spent in rows.select("last", "seconds").iter_rows()]
    labels = [_label(row, several=rows["device"].n_unique() > 1) for row in rows.iter_rows(named=True)]
    for row, (at, seconds) in enumerate(places):
        write_beside(ax, _spent(seconds, total), (at, row), size * 0.85)
    label_rows(ax, labels, size, more)
    label_times(ax, ZONE)
    _explain(ax, shown["cause"].unique(maintain_order=True).to_list())
    begun, over = days(shown["started_at"].min(), shown["ended_at"].max())
    room = _ROOM * max(over - begun, 1e-4)
    ax.set_xlim(begun, over + room)
    longest = rows.sort("seconds", descending=True).row(0, named=True)
    named = longest["name"] or words(str(longest["holder"]))
    held = f"longest: {named}, {_spent(longest['seconds'], total)}"
    whole = f"{count(rows.height + others.height, 'item')} over {in_minutes(total / 60)}"
    return describe(tidy(ax), f"{whole}; {held}{say_drawn(rows, more)}.")


def _rows(parts: pl.DataFrame, total: float, most: int | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the items that have a row, in order of time, and the others, both with what they took."""
    held = parts.group_by(_ROW, maintain_order=True).agg(
        pl.col("name", "cause").first(),
        pl.col("waited").sum(),
        first=pl.col("started_at").min(),
        last=pl.col("ended_at").max(),
    )
    held = held.with_columns(seconds=pl.col("waited").dt.total_microseconds() / 1e6)
    sliver = pl.col("seconds") < min(1.0, total * _SLIVER)
    long = ~sliver | (pl.len() == 1)
    short = held.filter(~long)
    ordered = held.filter(long).sort("first", "last")
    rows, left = fit_rows(ordered, most, [pl.col("seconds")], others=bool(short.height))
    return rows.with_row_index("row"), pl.concat([left, short])


def _look(cause: str) -> tuple[str, str]:
    return _WAITING if cause.startswith("wait") else _LOOKS.get(cause, ("#bbbbbb", ""))


def _spent(seconds: float, total: float) -> str:
    """Return how long something took and which share of the whole."""
    return f"{span(timedelta(seconds=seconds))}, {percent(seconds / total, 0)}"


def _label(row: dict[str, Any], *, several: bool) -> str:
    alone = row["holder"] == row["cause"]
    what = words(str(row["cause"])) if alone else shorten(row["name"] or row["holder"], LONGEST_ITEM)
    return f"{shorten(row['device'], 16)}  {what}" if several else what


def _explain(ax: Axes, causes: list[str]) -> None:
    """Name the parts that are drawn."""
    shown = []
    for cause in causes:
        colour, hatch = _look(cause)
        name = words(cause)
        shown.append(Patch(facecolor=colour, hatch=hatch, edgecolor=QUIET, label=name))
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": min(len(shown), 8)}
    ax.legend(handles=shown, **place, fontsize=TINY, frameon=False)
