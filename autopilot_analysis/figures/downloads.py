"""Downloads: how many bytes each item took, and how fast they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from matplotlib.patches import Patch

from autopilot_analysis import wording
from autopilot_analysis.figures.rows import (
    ROWS,
    draw_bars,
    edges_of,
    fit_rows,
    label_rows,
    row_axes,
    say_drawn,
    say_left,
    say_states,
    shorten,
    worst_first,
    write_beside,
)
from autopilot_analysis.figures.style import (
    DEEP_BLUE,
    FOREST,
    LONGEST_ITEM,
    QUIET,
    TINY,
    describe,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.tables.items import called
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.wording import count

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_KNOWN = ("peers", "cache", "http")
_SOURCES = {
    "peers": (FOREST, ""),
    "cache": ("#88ccee", ".."),
    "http": (DEEP_BLUE, ""),
    "source not told": ("#c9d6e4", "//"),
}
"""Colour and hatch of the bytes from each place, in the order in which they are drawn."""
_MEGA = 1_000_000
_REACH = 1.2
"""How far the axis reaches, the largest bar being 1: the words beside bars take no part in the layout."""


@takes(
    "build_trace (its installs)",
    "device",
    "item",
    "name",
    "downloaded_bytes",
    "download_started_at",
    "download_ended_at",
    "download_outcome",
    "detail",
)
def draw_downloads(
    installs: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, most: int | None = ROWS
) -> Axes:
    """Draw the bytes of each item, all tries of it together, by where they came from, with the speed beside.

    A log that no longer says where bytes came from gives one pale hatched bar: the total is rebuilt from what
    it does print.

    Args:
        installs: The columns of tables.Install.
        ax: Where to draw; a new figure when not given.
        most: Rows to draw at the most, None for all. Downloads that failed or were not seen to end stay
            first, then the largest; the last row counts the others.
    """
    items = _loaded(polars_of(installs))
    if items.is_empty():
        return say_nothing(ax, "no download was seen")
    rows, left = fit_rows(items, most, (worst_first("download_outcome"), pl.col("downloaded_bytes")))
    ax, size = row_axes(rows.height + bool(left.height), ax)
    _draw_bytes(ax, rows)
    for place, row in enumerate(rows.iter_rows(named=True)):
        if words := _words(row):
            write_beside(ax, words, (row["mega"], place), size * 0.85, in_layout=False)
    more = say_left(left, "item", _about(left))
    label_rows(ax, [shorten(called(row), LONGEST_ITEM) for row in rows.iter_rows(named=True)], size, more)
    ax.set_xlabel("megabytes")
    ax.set_xlim(0, _REACH * edges_of(rows["mega"], 1)[1])
    _explain(ax, rows)
    largest = items.row(0, named=True)
    size_of = wording.size(largest["downloaded_bytes"])
    whole = f"{count(items.height, 'item')}, {wording.size(int(items['downloaded_bytes'].sum()))}"
    return describe(tidy(ax), f"{whole}; the largest: {called(largest)}, {size_of}{say_drawn(rows, more)}.")


def _about(items: pl.DataFrame) -> str:
    """Return how many bytes items took together, and what is known to have come of their downloads."""
    states = say_states(items["download_outcome"].drop_nulls())
    whole = wording.size(int(items["downloaded_bytes"].sum()))
    return f"{whole}, {states}" if states else whole


def _explain(ax: Axes, rows: pl.DataFrame) -> None:
    """Add the legend of the sources that are drawn."""
    shown = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=QUIET, label=wording.words(name))
        for name, (colour, hatch) in _SOURCES.items()
        if (rows[name] > 0).any()
    ]
    ax.legend(handles=shown, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=TINY, frameon=False)


def _loaded(installs: pl.DataFrame) -> pl.DataFrame:
    """Return one row an item: bytes by source, and megabits a second over its timed downloads."""
    detail = pl.col("detail").cast(pl.String)
    totals = [
        detail.str.json_path_match(f"$.{name}").cast(pl.Float64, strict=False).alias(name) for name in _KNOWN
    ]
    written = [
        detail.str.json_path_match(f"$.download_{edge}_written").str.to_datetime(time_unit="us", strict=False)
        for edge in ("started", "ended")
    ]
    span = pl.coalesce(pl.col("download_ended_at") - pl.col("download_started_at"), written[1] - written[0])
    rows = installs.filter(pl.col("downloaded_bytes") > 0).with_columns(
        *totals, seconds=span.dt.total_microseconds() / _MEGA
    )
    timed = pl.col("downloaded_bytes").filter(pl.col("seconds") > 0).sum()
    speed = timed * 8 / _MEGA / pl.col("seconds").filter(pl.col("seconds") > 0).sum()
    others = pl.max_horizontal(0.0, pl.col("http") - pl.col("cache"))
    items = (
        rows.group_by("device", "item", maintain_order=True)
        .agg(
            pl.col("name").drop_nulls().last(),
            pl.col("download_outcome").last(),
            pl.col("downloaded_bytes").sum(),
            pl.col(_KNOWN).sum() / _MEGA,
            tries=pl.len(),
            speed=speed,
        )
        .sort("downloaded_bytes", descending=True)
        .with_columns(http=others, mega=pl.col("downloaded_bytes") / _MEGA)
    )
    rest = pl.col("mega") - pl.sum_horizontal(_KNOWN)
    return items.with_columns(pl.max_horizontal(0.0, rest).alias("source not told"))


def _draw_bytes(ax: Axes, rows: pl.DataFrame) -> None:
    """Draw the bytes of all items: those whose source is known first, the others after them."""
    left = np.zeros(rows.height)
    for name, (colour, hatch) in _SOURCES.items():
        amounts = rows[name].to_numpy()
        there = amounts > 0
        look = {"facecolor": colour, "hatch": hatch, "edgecolor": QUIET, "linewidth": 0.6}
        draw_bars(ax, np.flatnonzero(there), left[there], amounts[there], 0.7, **look)
        left += amounts


def _words(row: dict[str, Any]) -> str:
    """Return what stands beside the bar of an item: how fast its bytes came, in how many tries, a failure."""
    speed = row["speed"]
    notes = [f"{speed:.0f} Mbit/s"] if speed is not None and 0 < speed < float("inf") else []
    notes += [f"{row['tries']} tries"] if row["tries"] != 1 else []
    notes += [wording.words(row["download_outcome"])] if row["download_outcome"] in FAILED_TRIES else []
    return ", ".join(notes)
