"""Every attempt over time, however many: binned before it is drawn."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from matplotlib import pyplot as plt
from matplotlib.colors import LogNorm

from autopilot_analysis.figures.rows import days, label_times
from autopilot_analysis.figures.style import (
    PLAIN,
    QUIET,
    TINY,
    describe,
    fit_type,
    new_axes,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import columns_of, polars_of, takes
from autopilot_analysis.wording import count, heading, in_minutes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ACROSS, DOWN = 160, 80
SAMPLED = 50_000
"""About so many points, evenly taken, decide where the scale ends."""

LEAST_FOR_BINS = 3000
"""Fewer points than this are drawn as points."""


@takes("load_deployments", "started_at")
def draw_scatter(
    deployments: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, stage: str = "total"
) -> Axes:
    """Draw when each attempt began against how long it took; of many, how many fall into each cell.

    Args:
        deployments: One attempt a row.
        ax: Where to draw; a new figure when not given.
        stage: Span column.

    Returns:
        The Axes. The scale ends near the 99.5th percentile; the label says how many lie above.
    """
    frame = polars_of(deployments)
    columns_of(frame, (), "started_at", stage)
    ax = ax or new_axes()
    known = frame.select("started_at", stage).drop_nulls().filter(pl.col(stage) >= pl.duration())
    if known.is_empty():
        return say_nothing(ax, "no attempt says both of these")
    at = known["started_at"].dt.epoch("us").to_numpy()
    length = known[stage].dt.total_microseconds().to_numpy() / 60e6
    sample = length[:: max(1, length.size // SAMPLED)]
    limit = max(float(np.quantile(sample, 0.995)) * 1.02, 1e-3)
    above = int((length > limit).sum())
    if known.height < LEAST_FOR_BINS:
        ax.plot(days(*known["started_at"]), length, "o", color=PLAIN, markersize=2.5, alpha=0.45, linewidth=0)
        ax.set_ylim(0, limit)
    else:
        _draw_bins(ax, at, length, limit, known)
    more = f"; {above:,} above the scale" if above else ""
    label_times(ax, f"{count(known.height, 'attempt')}{more}")
    ax.set_ylabel(f"{heading(stage)}, minutes")
    middle = f"median {in_minutes(float(np.median(length)))}, longest {in_minutes(float(length.max()))}"
    return describe(tidy(ax), f"{heading(stage)} of {count(known.height, 'attempt')}: {middle}{more}.")


def _draw_bins(ax: Axes, at: np.ndarray, length: np.ndarray, limit: float, known: pl.DataFrame) -> None:
    """Count points in cells with one pass and draw the counts as an image."""
    first, last = int(at.min()), int(at.max())
    column = ((at - first) * (ACROSS / (last - first + 1))).astype(np.int32)
    np.minimum(column, ACROSS - 1, out=column)
    row = np.minimum(length * (DOWN / limit), DOWN).astype(np.int32)
    cells = np.bincount(column * (DOWN + 1) + row, minlength=ACROSS * (DOWN + 1))
    counts = cells.reshape(ACROSS, DOWN + 1)[:, :DOWN].T.astype(float)
    counts[counts == 0] = np.nan
    begin, end = known["started_at"].min(), known["started_at"].max()
    assert isinstance(begin, datetime)
    assert isinstance(end, datetime)
    left, right = days(begin, end)
    image = ax.imshow(
        counts,
        origin="lower",
        aspect="auto",
        extent=(left, right, 0, limit),
        cmap="viridis_r",
        norm=LogNorm(1, max(float(np.nanmax(counts)), 2.0)),
        interpolation="nearest",
    )
    bar = plt.colorbar(image, ax=ax, shrink=0.8, pad=0.02, label="attempts a cell", format="%g")
    bar.ax.minorticks_off()
    fit_type(bar.ax)
    bar.ax.tick_params(labelsize=TINY, labelcolor=QUIET)
    bar.outline.set_visible(False)
