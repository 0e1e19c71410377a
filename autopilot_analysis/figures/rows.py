"""Figures with one labelled row a thing: their height, their type size, their time axis."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib import dates
from matplotlib.figure import Figure

from autopilot_analysis.figures.style import SMALL, new_axes, plain
from autopilot_analysis.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DATES: Any = dates
"""The module again: matplotlib leaves it untyped."""

CLOCK, CLOCK_EXACT = "%H:%M", "%H:%M:%S"
"""How a time of day reads beside an axis, and where an axis is so short that seconds count."""
_TIMES = {
    "formats": ["%Y", "%b", "%d %b", CLOCK, CLOCK, f"{CLOCK_EXACT}.%f"],
    "zero_formats": ["", "%Y", "%b", "%d %b", CLOCK, CLOCK],
    "offset_formats": ["", "%Y", "%Y", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d"],
}
"""How instants read beside the axis, from years down to seconds: each can be read alone."""
_TALLEST = 30.0
"""Inches; beyond it rows come closer and type smaller."""


def row_axes(count: int, ax: Axes | None) -> tuple[Axes, float]:
    """Return an Axes for `count` rows and the type size, in points, at which their labels stay apart.

    Args:
        count: How many rows will be drawn.
        ax: Where to draw; a new figure of fitting height when not given.
    """
    ax = ax or new_axes(height=min(_TALLEST, max(2.5, 0.9 + 0.22 * count)))
    figure = ax.get_figure(root=True)
    inches = float(figure.get_size_inches()[1]) if isinstance(figure, Figure) else 4.0
    return ax, min(SMALL, 0.65 * 72 * inches / (count + 3))


def label_rows(ax: Axes, labels: list[str], size: float) -> None:
    """Label the rows, the first at the top."""
    ax.set_yticks(range(len(labels)), labels, fontsize=size)
    ax.set_ylim(len(labels) - 0.4, -0.6)


def label_times(ax: Axes, name: str) -> None:
    """Make the x axis one of time, with the date said once."""
    ax.xaxis_date()
    ax.xaxis.set_major_formatter(_DATES.ConciseDateFormatter(_DATES.AutoDateLocator(), **_TIMES))
    ax.set_xlabel(name)


def say_percent(value: float, _: float = 0) -> str:
    """Return a share as a tick says it: "20 %"."""
    return percent(value, 0)


def days(*moments: datetime) -> list[float]:
    """Return moments as the numbers matplotlib draws times by."""
    return [float(_DATES.date2num(moment)) for moment in moments]


def edges_of(numbers: pl.Series, otherwise: float) -> tuple[float, float]:
    """Return the smallest and the largest number, each another one where there is none or it is zero.

    Args:
        numbers: A column of numbers.
        otherwise: What an axis reaches to when nothing says how far.
    """
    least: Any = numbers.min()
    most: Any = numbers.max()
    return float(least or otherwise), float(most or otherwise)


def shorten(text: object, longest: int) -> str:
    """Return text as it may stand in a figure, cut to a length; of a LocURI the telling end is kept."""
    whole = str(text)
    if len(whole) <= longest:
        return plain(whole)
    if whole.startswith("./"):
        return plain("…" + whole[1 - longest :])
    return plain(whole[: longest - 1] + "…")
