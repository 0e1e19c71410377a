"""What the screen showed: each sitting before OOBE as one row of pages, error pages marked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.patches import Patch

from autopilot_analysis.figures.rows import (
    ROWS,
    fit_rows,
    label_rows,
    row_axes,
    say_drawn,
    say_left,
    shorten,
)
from autopilot_analysis.figures.style import (
    FAILURE,
    INK,
    OUTCOME_HATCHES,
    QUIET,
    describe,
    plain,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.wording import BETWEEN, END_OPEN, and_more, count, in_minutes, span

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NOTHING = "nothing to draw: no trace or log that was read tells of a page of OOBE"
ERROR_PAGE: dict[str, Any] = {"edgecolor": FAILURE, "hatch": OUTCOME_HATCHES["failed"]}
"""How an error page is marked, in its bar and in the legend."""
_PAGE = "#cfe3f3"
_NARROW = 0.16
"""Share of the width below which a page is numbered and named beneath instead of inside its bar."""
_LINES = 3
"""Rows of type that one sitting takes."""
_NAMED = 12
"""So many narrow pages are named beneath; of further ones only the number of them is said."""


@takes("build_trace (its screens)", "device", "sitting", "title", "at", "visible_at", "ended_at", "error_at")
def draw_screens(
    screens: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, most: int | None = ROWS // _LINES
) -> Axes:
    """Draw each sitting as one row, the first at the top: a bar for each page that a person saw.

    Wide bars carry the page's name and how long it stood; narrow ones carry a number that is named beneath.
    The part of a page that was an error page is hatched and edged. A bar that ends in an arrow was not seen
    to end. Steps that ran unseen are left out.

    Args:
        screens: The columns of tables.Screen.
        ax: Where to draw; a new figure when not given.
        most: Sittings to draw at the most, None for all: those with error pages first, then the longest;
            the last row counts the others.
    """
    pages = _timed(polars_of(screens))
    if pages.is_empty():
        return say_nothing(ax, NOTHING)
    every = pages.group_by("device", "sitting", maintain_order=True).agg(
        pl.len(), wrong=pl.col("error_at").count(), spent=pl.col("right").max()
    )
    shown, left = fit_rows(every, most, [pl.col("wrong").clip(upper_bound=1), pl.col("spent")])
    about = f"{count(int(left['len'].sum()), 'page')}, {int(left['wrong'].sum()):,} with an error"
    more = say_left(left, "sitting", about)
    frame = pages.join(shown, on=["device", "sitting"], how="semi", maintain_order="left")
    sittings = shown.select("device", "sitting").rows()
    ax, size = row_axes(_LINES * (len(sittings) + bool(more)), ax)
    widest = max(0.1, *frame["right"].to_list())
    numbered: list[str] = []
    for number, row in enumerate(frame.iter_rows(named=True)):
        place = sittings.index((row["device"], row["sitting"]))
        _draw_page(ax, row, place, shade=number % 2)
        narrow = row["right"] - row["left"] < _NARROW * widest
        if narrow:
            numbered.append(_words(row).replace("\n", ", "))
        _name_page(ax, row, place, size, str(len(numbered)) if narrow else "")
    label_rows(ax, _labels(sittings), size, more)
    ax.set_xlim(0, widest * 1.04)
    ax.set_xlabel("\n".join(["minutes since the sitting began", *_beneath(numbered)]))
    _legend(ax, frame, size)
    longest = pages.sort(pl.col("right") - pl.col("left"), descending=True).row(0, named=True)
    stood = in_minutes(longest["right"] - longest["left"], 1)
    wrong = int(pages["error_at"].count())
    counted = f"{count(pages.height, 'page')} in {count(every.height, 'sitting')}"
    about = f"{_words(longest).splitlines()[0]} stood longest, {stood}; {count(wrong, 'page')} with an error"
    return describe(tidy(ax), f"{counted}; {about}{say_drawn(shown, more)}.")


def _timed(screens: pl.DataFrame) -> pl.DataFrame:
    """Return the seen pages with their edges in minutes from the start of their sitting."""
    sitting = ["device", "sitting"]
    known = screens.filter(pl.col("at").is_not_null()).with_columns(
        begun=pl.col("at").min().over(sitting),
        last=pl.max_horizontal("at", "visible_at", "ended_at", "error_at").max().over(sitting),
    )
    shown = known.filter(pl.col("visible_at").is_not_null()).with_columns(
        open=pl.col("ended_at").is_null(), until=pl.coalesce("ended_at", "last")
    )

    def minutes(name: str) -> pl.Expr:
        return (pl.col(name) - pl.col("begun")).dt.total_milliseconds() / 60_000

    wrong = pl.coalesce(pl.col("error_waited"), pl.col("until") - pl.col("error_at"))
    return shown.with_columns(
        left=minutes("visible_at"),
        right=minutes("until"),
        wrong=minutes("error_at"),
        wrong_for=wrong.dt.total_milliseconds() / 60_000,
    )


def _draw_page(ax: Axes, row: dict[str, Any], place: int, shade: int) -> None:
    """Draw one bar, and over it the stretch in which it was an error page."""
    width = row["right"] - row["left"]
    ax.barh(
        place,
        width,
        left=row["left"],
        height=0.5,
        color=_PAGE,
        alpha=1 - 0.35 * shade,
        edgecolor=INK,
        linewidth=0.5,
    )
    if row["wrong"] is not None:
        ax.barh(
            place,
            row["wrong_for"],
            left=row["wrong"],
            height=0.5,
            facecolor="none",
            linewidth=1.2,
            **ERROR_PAGE,
        )
    if row["open"]:
        ax.plot(row["right"], place, marker=">", color=INK, markersize=5, clip_on=False)


def _name_page(ax: Axes, row: dict[str, Any], place: int, size: float, number: str) -> None:
    """Name one page inside its bar, or by a number above it."""
    middle = (row["left"] + row["right"]) / 2
    if number:
        ax.text(middle, place - 0.3, number, ha="center", va="bottom", fontsize=size, color=INK)
    else:
        ax.text(
            middle,
            place,
            _words(row),
            ha="center",
            va="center",
            fontsize=size,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8},
        )


def _words(row: dict[str, Any]) -> str:
    """Return what is said of a page: its name, how long it stood, and what it said was wrong."""
    stood = span(timedelta(minutes=row["right"] - row["left"]))
    lines = [shorten(row["title"], 34), f"{stood}, {END_OPEN}" if row["open"] else stood]
    error = row.get("code") or row.get("error")
    if row["wrong"] is not None and error and error != row["title"]:
        lines.append(plain(error, 40))
    return "\n".join(lines)


def _beneath(numbered: list[str]) -> list[str]:
    """Return the names of the narrow pages, a few on a line."""
    named = [f"{n} {text}" for n, text in enumerate(numbered[:_NAMED], 1)]
    if len(numbered) > _NAMED:
        named.append(and_more(len(numbered) - _NAMED, "and "))
    return [f" {BETWEEN} ".join(named[n : n + 3]) for n in range(0, len(named), 3)]


def _labels(sittings: list[tuple[str, int]]) -> list[str]:
    """Return a label a sitting, with its device where there are several."""
    several = len({device for device, _ in sittings}) > 1
    return [f"{shorten(device, 20)}, sitting {n}" if several else f"sitting {n}" for device, n in sittings]


def _legend(ax: Axes, frame: pl.DataFrame, size: float) -> None:
    """Say what the hatch means, where there is one."""
    if frame["wrong"].is_not_null().any():
        error = Patch(facecolor="white", label="error page", **ERROR_PAGE)
        ax.legend(handles=[error], loc="upper right", fontsize=size, frameon=False, labelcolor=QUIET)
