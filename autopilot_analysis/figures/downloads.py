"""Downloads: how many bytes each item took, and how fast they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from matplotlib.patches import Patch

from autopilot_analysis import wording
from autopilot_analysis.figures.rows import label_rows, row_axes, shorten
from autopilot_analysis.figures.style import INK, QUIET, TINY, describe, say_nothing, tidy
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.tables.items import called
from autopilot_analysis.wording import count

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_SOURCES = {"peers": ("#117733", ""), "cache": ("#88ccee", ".."), "http": ("#2171b5", "")}
_UNTOLD = ("#c9d6e4", "//")
_MEGA = 1_000_000


@takes(
    "build_trace (its installs)",
    "device",
    "item",
    "name",
    "downloaded_bytes",
    "download_started_at",
    "download_ended_at",
    "detail",
)
def draw_downloads(installs: pl.DataFrame | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the bytes of each item, all tries of it together, by where they came from, with the speed beside.

    A log that no longer says where bytes came from gives one pale hatched bar: the total is rebuilt from what
    it does print.

    Args:
        installs: The columns of tables.Install.
        ax: Where to draw; a new figure when not given.
    """
    frame = _loaded(polars_of(installs))
    if frame.is_empty():
        return say_nothing(ax, "no download was seen")
    ax, size = row_axes(frame.height, ax)
    for place, row in enumerate(frame.iter_rows(named=True)):
        _draw_item(ax, place, row, size)
    label_rows(ax, [shorten(called(row), 36) for row in frame.iter_rows(named=True)], size)
    ax.set_xlabel("megabytes")
    ax.margins(x=0.15)
    _explain(ax, frame)
    largest = frame.sort("downloaded_bytes", descending=True).row(0, named=True)
    size_of = wording.size(largest["downloaded_bytes"] or 0)
    whole = f"{count(frame.height, 'item')}, {wording.size(int(frame['downloaded_bytes'].sum()))}"
    return describe(tidy(ax), f"{whole}; the largest: {called(largest)}, {size_of}.")


def _explain(ax: Axes, frame: pl.DataFrame) -> None:
    """Add the legend of the sources that are drawn."""
    known = [name for name in _SOURCES if (frame[name] > 0).any()]
    looks = {name: _SOURCES[name] for name in known}
    from_places = pl.col("peers") + pl.max_horizontal("http", "cache")
    if frame.select((pl.col("downloaded_bytes") > from_places).any()).item():
        looks["source not told"] = _UNTOLD
    shown = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=QUIET, label=name)
        for name, (colour, hatch) in looks.items()
    ]
    ax.legend(handles=shown, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=TINY, frameon=False)


def _loaded(installs: pl.DataFrame) -> pl.DataFrame:
    """Return one row an item: bytes by source, and megabits a second over its timed downloads."""
    detail = pl.col("detail").cast(pl.String)
    totals = [
        detail.str.json_path_match(f"$.{name}").cast(pl.Float64, strict=False).alias(name)
        for name in _SOURCES
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
    return (
        rows.group_by("device", "item", maintain_order=True)
        .agg(
            pl.col("name").drop_nulls().last(),
            pl.col("downloaded_bytes").sum(),
            pl.col(list(_SOURCES)).sum(),
            tries=pl.len(),
            speed=timed * 8 / _MEGA / pl.col("seconds").filter(pl.col("seconds") > 0).sum(),
        )
        .sort("downloaded_bytes", descending=True)
    )


def _draw_item(ax: Axes, place: int, row: dict[str, object], size: float) -> None:
    """Draw the bytes of one item: told sources first, the untold rest after them."""
    total = float(str(row["downloaded_bytes"]))
    parts = {name: float(str(row[name])) for name in _SOURCES}
    parts["http"] = max(0.0, parts["http"] - parts["cache"])
    left = 0.0
    for name, amount in parts.items():
        colour, hatch = _SOURCES[name]
        if amount > 0:
            ax.barh(
                place,
                amount / _MEGA,
                left=left,
                height=0.7,
                color=colour,
                hatch=hatch,
                edgecolor=QUIET,
                linewidth=0.6,
            )
            left += amount / _MEGA
    rest = total / _MEGA - left
    if rest > 0:
        ax.barh(
            place,
            rest,
            left=left,
            height=0.7,
            color=_UNTOLD[0],
            hatch=_UNTOLD[1],
            edgecolor=QUIET,
            linewidth=0.6,
        )
    speed = row["speed"]
    notes = [f"{speed:.0f} Mbit/s"] if isinstance(speed, float) and 0 < speed < float("inf") else []
    notes += [f"{row['tries']} tries"] if row["tries"] != 1 else []
    ax.annotate(
        ", ".join(notes),
        (max(left, total / _MEGA), place),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=size * 0.85,
        color=INK,
    )
