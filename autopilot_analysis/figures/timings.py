"""How long the stages take: one ridge a stage, its median and tail, and how many are still running."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from autopilot_analysis.figures.groups import minutes
from autopilot_analysis.figures.style import (
    FEWEST,
    INK,
    LARGE,
    NO_LENGTH,
    QUIET,
    SCREEN,
    STAGE_COLOURS,
    TINY,
    describe,
    new_axes,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import columns_of, polars_of, takes, with_columns_of
from autopilot_analysis.fleet.measures.durations import FAR, SPANS, TAIL, finished_spans, measure_durations
from autopilot_analysis.wording import NOT_FINISHED, heading, percent, span

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BINS = 64
SMOOTH = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
TALL = 0.82


@takes("load_deployments", "outcome")
def draw_timings(
    deployments: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, stages: Sequence[str] = SPANS
) -> Axes:
    """Draw how the durations of each stage are spread, over a logarithmic scale of minutes.

    Args:
        deployments: One attempt a row.
        ax: Where to draw; a new figure when not given.
        stages: Span columns, from the top down.

    Returns:
        The Axes: a ridge a stage, a thick line from the median to `TAIL`, a tick at `FAR`, and in words
        how many durations it stands on and what share was still running when last seen.
    """
    frame = with_columns_of(polars_of(deployments), ("outcome", *SPANS))
    names = columns_of(frame, stages)
    measured = measure_durations(frame, stages=names).filter(pl.col("finished") > 0)
    spans = {name: minutes(frame[name].filter(finished_spans(frame, name))).to_numpy() for name in names}
    longest = max((float(values.max()) for values in spans.values() if values.size), default=0.0)
    if measured.is_empty() or longest <= 0:
        return say_nothing(ax, NO_LENGTH)
    if measured.filter(pl.col("finished") >= FEWEST).is_empty():
        return say_nothing(ax, "each span is known of one attempt alone, so none is spread")
    ax = ax or new_axes(height=min(SCREEN, 0.9 + 0.78 * len(names)))
    edges = np.geomspace(0.1, max(longest, 1.0) * 1.05, BINS + 1)
    for row in measured.iter_rows(named=True):
        _draw_ridge(ax, names.index(row["stage"]), spans[row["stage"]], edges, row)
    ax.set_xscale("log")
    ax.set_xlim(max(0.1, _first(spans) / 2), edges[-1] * 4.6)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.set_yticks(range(len(names)), [heading(name) for name in names], fontsize=LARGE)
    ax.set_ylim(len(names) - 0.7, -1.0)
    ax.set_xlabel("minutes, logarithmic")
    about = (
        f"{heading(row['stage'])}: n {row['finished']:,}, median {span(row['p50'])}, {TAIL} {span(row[TAIL])}"
        for row in measured.iter_rows(named=True)
    )
    return describe(tidy(ax), f"{'; '.join(about)}.")


def _first(spans: dict[str, Any]) -> float:
    return float(min((np.quantile(v, 0.005) for v in spans.values() if v.size), default=1.0))


def _draw_ridge(ax: Axes, place: int, values: Any, edges: Any, row: dict[str, Any]) -> None:
    counts, _ = np.histogram(np.maximum(values, edges[0]), edges)
    smooth = np.convolve(counts, SMOOTH, mode="same")
    height = TALL * smooth / smooth.max() if smooth.max() else smooth
    middles = np.sqrt(edges[1:] * edges[:-1])
    colour = STAGE_COLOURS.get(row["stage"], QUIET)
    ax.fill_between(middles, place, place - height, color=colour, alpha=0.35, linewidth=0)
    ax.plot(middles, place - height, color=colour, linewidth=1.2)
    median, tail, far = (row[name].total_seconds() / 60 for name in ("p50", TAIL, FAR))
    ax.plot([median, tail], [place, place], color=INK, linewidth=3, solid_capstyle="butt")
    ax.plot([median], [place], marker="o", color=INK, markersize=5)
    ax.plot([far], [place], marker="|", color=INK, markersize=9)
    running = row["unfinished"] / row["n"]
    words = f"n {row['finished']:,}\nmedian {span(row['p50'])}, {TAIL} {span(row[TAIL])}"
    words += f"\n{percent(running)} {NOT_FINISHED}" if row["unfinished"] else ""
    ax.text(edges[-1] * 4.5, place - 0.06, words, ha="right", va="bottom", fontsize=TINY, color=INK)
