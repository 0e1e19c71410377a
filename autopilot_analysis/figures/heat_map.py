"""Groups against failures: who is hit by what, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.figures.groups import MOST_GROUPS, group_labels, say_failure
from autopilot_analysis.figures.rows import say_drawn, say_left, shorten
from autopilot_analysis.figures.style import (
    FEWEST,
    INK,
    NONE_BESIDE,
    ONE_FAILED,
    SMALL,
    TEXT,
    TINY,
    describe,
    fit_type,
    new_axes,
    say_nothing,
)
from autopilot_analysis.fleet.explanation.groups.counting import LEAST_HITS
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.fleet.measures.rates import FAILURE_RATES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_FAILURES = 12


@takes("measure_failure_rates", "failure", "n", "k", "share", "low")
def draw_heat_map(rates: pl.DataFrame | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each share of a group's attempts that met a failure as a shade, with the counts written in.

    Args:
        rates: Answer of `measure_failure_rates`.
        ax: Where to draw; a new figure when not given.

    Returns:
        The Axes: groups downwards, failures across; the largest `MOST_GROUPS` groups and `MOST_FAILURES`
        failures. A cell whose interval lies above the share of the whole fleet stands in bold and in a frame.
    """
    frame = polars_of(rates)
    if frame.is_empty():
        return say_nothing(ax, wording.NOTHING_FAILED)
    if frame["k"].sum() < FEWEST:
        return say_nothing(ax, f"{ONE_FAILED}, {NONE_BESIDE}")
    frame = frame.with_columns(group_labels(frame, FAILURE_RATES))
    every = frame.unique("group", maintain_order=True).select("group", "n")
    groups, further = every.head(MOST_GROUPS), every.slice(MOST_GROUPS)
    kinds = frame["failure"].unique(maintain_order=True).head(MOST_FAILURES).to_list()
    ax = ax or new_axes(width=max(6.0, 3.0 + 0.85 * len(kinds)), height=2.1 + 0.3 * groups.height)
    down = {group: place for place, group in enumerate(groups["group"])}
    across = {kind: place for place, kind in enumerate(kinds)}
    shown = frame.filter(pl.col("group").is_in(list(down)), pl.col("failure").is_in(kinds))
    shares = np.zeros((len(down), len(kinds)))
    for group, kind, share in shown.select("group", "failure", "share").iter_rows():
        shares[down[group], across[kind]] = share or 0.0
    top = max(float(shares.max()), 1e-9)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=top, aspect="auto")
    whole = frame.group_by("failure").agg(whole=pl.col("k").sum() / pl.col("n").sum())
    for group, kind, n, k, share, low, usual in (
        shown.join(whole, on="failure")
        .select("group", "failure", "n", "k", "share", "low", "whole")
        .iter_rows()
    ):
        _write_cell(
            ax,
            across[kind],
            down[group],
            f"{k}",
            share=share / top if n else 0,
            above=k >= LEAST_HITS and low > usual,
        )
    ax.set_xticks(
        range(len(kinds)),
        ["\n".join(shorten(part, 16) for part in say_failure(kind).split(" ")) for kind in kinds],
        fontsize=TINY,
    )
    ax.set_yticks(
        range(len(down)), [f"{shorten(g, 34)}  n {n:,}" for g, n in groups.iter_rows()], fontsize=TEXT
    )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    about = "attempts that met it; shade: share of the group; framed: interval above the fleet"
    more = say_left(further, "group", f"{int(further['n'].sum()):,} attempts")
    ax.set_xlabel(f"{about}\n{more}" if more else about)
    worst = shown.sort("share", "k", descending=True).row(0, named=True)
    about = f"{say_failure(worst['failure'])} in {worst['group']}, {wording.share(worst['k'], worst['n'])}"
    counted = f"{wording.count(every.height, 'group')} by {wording.count(len(kinds), 'failure')}"
    drawn = say_drawn(groups, more)
    return describe(fit_type(ax), f"{counted}; the darkest cell: {about} attempts{drawn}.")


def _write_cell(ax: Axes, x: int, y: int, text: str, *, share: float, above: bool) -> None:
    if text == "0":
        return
    colour = "white" if share > 0.55 else INK
    ax.text(
        x,
        y,
        text,
        ha="center",
        va="center",
        fontsize=SMALL,
        color=colour,
        weight="bold" if above else "normal",
    )
    if above:
        box = [(x - 0.47, y - 0.45), (x + 0.47, y - 0.45), (x + 0.47, y + 0.45), (x - 0.47, y + 0.45)]
        ax.plot(*zip(*[*box, box[0]], strict=True), color=INK, linewidth=1.4)
