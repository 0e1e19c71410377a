"""Figures with one labelled row a thing: which rows fit a screen, their height, type and axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from matplotlib import dates
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from autopilot_analysis.errors import BadInput
from autopilot_analysis.figures.style import INK, QUIET, SCREEN, SMALL, TALLEST, new_axes, plain
from autopilot_analysis.quoting import CUT, cut
from autopilot_analysis.tables.outcomes import FAILED_TRIES, SETTLED_TRIES
from autopilot_analysis.wording import CLOCK_TIME, TO_THE_DAY, count, percent, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DATES: Any = dates
"""The module again: matplotlib leaves it untyped."""

CLOCK, CLOCK_EXACT = CLOCK_TIME, f"{CLOCK_TIME}:%S"
"""How a time of day reads beside an axis, and where an axis is so short that seconds count."""
DAY = "%d %b"
"""How a day reads beside an axis."""
_RECTANGLE = (Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY)
_TIMES = {
    "formats": ["%Y", "%b", DAY, CLOCK, CLOCK, f"{CLOCK_EXACT}.%f"],
    "zero_formats": ["", "%Y", "%b", DAY, CLOCK, CLOCK],
    "offset_formats": ["", "%Y", "%Y", TO_THE_DAY, TO_THE_DAY, TO_THE_DAY],
}
"""How instants read beside the axis, from years down to seconds: each can be read alone."""
LONGEST_LEFT = 120
"""Signs of the words on what is not drawn, which have the width of the axes."""
_ROW, _AROUND = 0.22, 0.9
"""Inches of a row, and of what stands above and below the rows."""
ROWS = round((SCREEN - _AROUND) / _ROW)
"""Rows of a figure that is seen whole on a screen; of more things the last row says what is not drawn."""


def fit_rows(
    things: pl.DataFrame,
    most: int | None,
    keep: Sequence[pl.Expr] = (),
    *,
    size: pl.Expr | None = None,
    others: bool = False,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the things that have a row of their own, in the order given, and those that words stand for.

    Args:
        things: One row a thing, as a figure draws them from the top.
        most: Rows there is room for, that of the words among them; None has room for all.
        keep: What decides who stays, largest first; without it those at the top stay. One stays in any case.
        size: Rows that each takes, where it is not one.
        others: Whether words have a row in any case.

    Raises:
        BadInput: `most` is neither a whole number nor None.
    """
    if most is not None and not isinstance(most, int):
        raise BadInput(f"the rows to draw are {most!r}; write a whole number, such as 15")
    takes = pl.lit(1) if size is None else size
    order = things.with_row_index("place").with_columns(takes=takes)
    if most is None or order["takes"].sum() + others <= most:
        return things, things.clear()
    if keep:
        order = order.sort(*keep, descending=True, nulls_last=True, maintain_order=True)
    fits = (pl.col("takes").cum_sum() <= most - 1) | (pl.int_range(pl.len()) == 0)
    parts = order.with_columns(fits=fits)
    drawn, left = parts.filter("fits").sort("place"), parts.filter(~pl.col("fits"))
    return drawn.select(things.columns), left.select(things.columns)


def worst_first(outcome: str) -> pl.Expr:
    """Return what `fit_rows` keeps first: 2 for what failed, 1 for what was not seen to end well.

    Args:
        outcome: The column that says what something came to.
    """
    state = pl.col(outcome).cast(pl.String).fill_null("unknown")
    return pl.when(state.is_in(FAILED_TRIES)).then(2).when(~state.is_in(SETTLED_TRIES)).then(1).otherwise(0)


def say_states(outcomes: pl.Series) -> str:
    """Return how many came to what, the most frequent first: "24 succeeded, 3 failed".

    Args:
        outcomes: What each came to.
    """
    named = outcomes.cast(pl.String).fill_null("unknown").alias("state")
    counted = named.to_frame().group_by("state").len().sort("len", "state", descending=True)
    return ", ".join(f"{number:,} {words(state)}" for state, number in counted.iter_rows())


def say_left(left: pl.DataFrame, noun: str, about: str) -> str:
    """Return what the last row says: "and 260 more items: 240 succeeded, 20 failed"; "" where all are drawn.

    Args:
        left: The things that are not drawn.
        noun: What one is, in the singular.
        about: What is to be known of them.
    """
    return f"and {count(left.height, f'more {noun}')}: {about}" if left.height else ""


def say_drawn(drawn: pl.DataFrame, left: str) -> str:
    """Return what the words about a figure end with: how many things are drawn, where not all are.

    Args:
        drawn: The things that have a row.
        left: As `say_left` returns it.
    """
    return f"; {drawn.height:,} of them drawn, {left}" if left else ""


def row_axes(rows: int, ax: Axes | None, width: float = 9.0) -> tuple[Axes, float]:
    """Return an Axes for so many rows and the type size, in points, at which their labels stay apart.

    Args:
        rows: How many rows will be drawn.
        ax: Where to draw; a new figure of fitting height when not given.
        width: Of the new figure, in inches.
    """
    ax = ax or new_axes(width=width, height=min(TALLEST, max(2.5, _AROUND + _ROW * rows)))
    figure = ax.get_figure(root=True)
    inches = float(figure.get_size_inches()[1]) if isinstance(figure, Figure) else 4.0
    return ax, min(SMALL, 0.65 * 72 * inches / (rows + 3))


def label_rows(ax: Axes, labels: list[str], size: float, left: str = "") -> None:
    """Label the rows, the first at the top; words on what is not drawn have a row of their own below.

    Args:
        ax: The figure's axes.
        labels: One a row.
        size: Of the type, in points.
        left: As `say_left` returns it.
    """
    ax.set_yticks(range(len(labels)), labels, fontsize=size)
    ax.set_ylim(len(labels) + bool(left) - 0.4, -0.6)
    if left:
        place: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "va": "center"}
        ax.text(0.005, len(labels), plain(left, LONGEST_LEFT), **place, fontsize=size, color=QUIET)


def draw_bars(ax: Axes, rows: Any, lefts: Any, lengths: Any, height: float, **look: Any) -> None:
    """Draw bars of one look at once: hundreds cost what a few drawn one by one do. Limits stay as they are.

    Args:
        ax: The figure's axes.
        rows: The row of each, a column of numbers.
        lefts: Where each begins.
        lengths: How long each is.
        height: Of all, as a share of a row.
        look: Colours, hatch, line width.
    """
    left, low = np.asarray(lefts, dtype=float), np.asarray(rows, dtype=float) - height / 2
    right, high = left + np.asarray(lengths, dtype=float), low + height
    corners = np.stack([left, low, right, low, right, high, left, high, left, low], axis=-1).reshape(-1, 2)
    together = Path(corners, np.tile(_RECTANGLE, left.size))
    ax.add_artist(PathPatch(together, **look, snap=True))  # else the edges of many would be blurred


def write_beside(
    ax: Axes,
    words: str,
    place: tuple[float, float],
    size: float,
    *,
    gap: int = 4,
    colour: str = INK,
    in_layout: bool = True,
) -> None:
    """Write words behind the end of a bar.

    Args:
        ax: The figure's axes.
        words: What to write.
        place: Where the bar ends, and its row.
        size: Of the type, in points.
        gap: Points between both.
        colour: Of the words.
        in_layout: Whether the figure makes room for them; not where the axis has it, which costs less.
    """
    ax.annotate(
        words,
        place,
        xytext=(gap, 0),
        textcoords="offset points",
        va="center",
        fontsize=size,
        color=colour,
        in_layout=in_layout,
    )


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
        return plain(CUT + whole[1 - longest :])
    return plain(cut(whole, longest))
