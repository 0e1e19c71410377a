"""The critical path of a phase: one bar cut into what it waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from autopilot_analysis.figures.rows import days, label_rows, label_times, row_axes, shorten
from autopilot_analysis.figures.style import INK, QUIET, say_nothing, tidy
from autopilot_analysis.fleet.door import polars_of, takes

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    from matplotlib.axes import Axes

_LOOKS = {
    "download": ("#9ecae1", ""),
    "install": ("#2171b5", ""),
    "detect": ("#d9a441", ""),
    "script": ("#117733", ""),
    "remediation": ("#44aa99", ""),
    "certificate": ("#cc6677", ""),
    "network": ("#aa4499", ""),
    "policy": ("#999933", ""),
    "unattributed": ("white", "xxx"),
}
_SLIVER = 0.01
_WAITING = ("#f0f0f0", "///")
"""Every wait is pale and hatched, what nobody can name is white and crossed."""


@takes("build_critical_path", "cause", "name", "item", "started_at", "ended_at", "waited")
def draw_critical_path(path: pl.DataFrame | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each part of a critical path on its own row, in order, with its minutes and what it was.

    Parts of less than a second, and of less than a hundredth of the whole, are summed up in one row of words.

    Args:
        path: Result of `build_critical_path`, or the path of a `what_if`.
        ax: Where to draw; a new figure when not given.
    """
    frame = polars_of(path)
    if frame.is_empty():
        return say_nothing(ax)
    total = float(frame["waited"].dt.total_microseconds().sum() or 1)
    slivers = pl.col("waited") < pl.duration(microseconds=min(1e6, total * _SLIVER))
    parts, rest = frame.filter(~slivers), frame.filter(slivers)
    ax, size = row_axes(parts.height + bool(rest.height), ax)
    for row, part in enumerate(parts.iter_rows(named=True)):
        _draw_part(ax, row, part, total, size)
    labels = [_label(part) for part in parts.iter_rows(named=True)]
    if rest.height:
        labels.append(f"{rest.height} parts under a second")
        place = (frame.row(-1, named=True)["ended_at"], parts.height)
        _say(ax, place, float(rest["waited"].dt.total_microseconds().sum()) / 1e6, total, size)
    label_rows(ax, labels, size)
    label_times(ax, "UTC")
    ax.margins(x=0.12)
    tidy(ax)
    return ax


def _draw_part(ax: Axes, row: int, part: dict[str, Any], total: float, size: float) -> None:
    cause = str(part["cause"])
    colour, hatch = _WAITING if cause.startswith("wait") else _LOOKS.get(cause, ("#bbbbbb", ""))
    left, right = days(part["started_at"], part["ended_at"])
    ax.barh(
        row, right - left, left=left, height=0.72, color=colour, hatch=hatch, edgecolor=QUIET, linewidth=0.6
    )
    _say(ax, (part["ended_at"], row), part["waited"].total_seconds(), total, size)


def _say(ax: Axes, place: tuple[datetime, int], seconds: float, total: float, size: float) -> None:
    """Write behind a bar how long it is and which share of the whole."""
    at, row = place
    share = 100 * seconds * 1_000_000 / total
    spent = f"{seconds / 60:.1f} min" if seconds >= 60 else f"{seconds:.0f} s"
    ax.annotate(
        f"{spent}, {share:.0f} %",
        (days(at)[0], row),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=size * 0.85,
        color=INK,
    )


def _label(part: dict[str, Any]) -> str:
    what = shorten(part["name"] or part["item"] or "", 30)
    return f"{str(part['cause']).replace('_', ' ')}  {what}".strip()
