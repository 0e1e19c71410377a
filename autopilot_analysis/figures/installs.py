"""Installs as a waterfall: when each try downloaded, waited, installed and was looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from autopilot_analysis import wording
from autopilot_analysis.figures.rows import days, label_rows, label_times, row_axes, shorten
from autopilot_analysis.figures.style import (
    FAILURE,
    GRID,
    INK,
    OUTCOME_HATCHES,
    QUIET,
    TINY,
    TRY_COLOURS,
    describe,
    plain,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.tables.items import called
from autopilot_analysis.tables.outcomes import FAILED_TRIES

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    from matplotlib.axes import Axes

_PARTS = {
    "download": (TRY_COLOURS["download"], 0.35),
    "wait": (GRID, 0.12),
    "install": (TRY_COLOURS["install"], 0.7),
    "detect": (TRY_COLOURS["detect"], 0.35),
}
"""Colour and height of each part of a try: height says it again where colour does not."""

_BAD = {"failed": FAILURE, "not_detected": FAILURE, "unfinished": QUIET, "waiting": QUIET, "unknown": QUIET}
_MOMENTS = ("download_started", "download_ended", "started", "ended", "detected", "last_seen")
_LONGEST = 36
"""Characters of a name beside its bars."""
_NAMED = 5
"""Items that were not installed, as far as words name them."""


@takes(
    "build_trace (its installs)",
    "device",
    "item",
    "name",
    "try_number",
    "outcome",
    "exit_code",
    "code",
    "blocking",
    "detail",
)
def draw_installs(installs: pl.DataFrame | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each item as one row of bars, first to begin at the top, every try of it on that row.

    Thin pale bars are downloads, hairlines waits between two parts, thick bars installs, thin yellow ones
    detection; a failed install is hatched, edged and marked with its code, an arrow points on where a try was
    not seen to end, a later try carries its number.
    Items of which only one moment is known, such as policies that were set, are left out unless they failed.

    Args:
        installs: The columns of tables.Install. Where no instant is known, times as written are drawn.
        ax: Where to draw; a new figure when not given.
    """
    frame = _timed(polars_of(installs))
    if frame.is_empty():
        return say_nothing(ax, "no app, script or policy was seen to start or to fail")
    rows = frame.select("device", "item").unique(maintain_order=True).with_row_index("row")
    frame = frame.join(rows, on=["device", "item"], how="left", maintain_order="left")
    ax, size = row_axes(rows.height, ax)
    tries = frame.group_by("row").agg(pl.col("try_number").max())
    latest = dict(tries.iter_rows())
    for row in frame.iter_rows(named=True):
        _draw_try(ax, row, size, last=row["try_number"] == latest[row["row"]])
    labels = frame.unique("row", keep="last", maintain_order=True).sort("row")
    label_rows(ax, [_label(row) for row in labels.iter_rows(named=True)], size)
    label_times(ax, "as the device wrote it" if frame["written"].all() else "UTC")
    _explain(ax, frame)
    ended = frame.sort("try_number").group_by("row").agg(pl.col("outcome").cast(pl.String).last())
    counted = ended.group_by("outcome").len().sort("len", "outcome", descending=True)
    states = ", ".join(
        f"{number:,} {wording.words(state or 'unknown')}" for state, number in counted.iter_rows()
    )
    bad = labels.filter(pl.col("outcome").is_in(["failed", "not_detected", "unfinished"]))
    named = [called(row) for row in bad.head(_NAMED).iter_rows(named=True)]
    which = f"; not installed: {', '.join(named)}" if named else ""
    tried = wording.count(frame.height, "try", "tries")
    return describe(tidy(ax), f"{wording.count(rows.height, 'item')}, {tried}: {states}{which}.")


def _timed(installs: pl.DataFrame) -> pl.DataFrame:
    """Return the tries that have a time, the first to begin first, with every moment as a naive datetime."""
    detail = pl.col("detail").cast(pl.String)

    def in_detail(name: str) -> pl.Expr:
        return (
            detail.str.json_path_match(f"$.{name}")
            .str.extract("^([^+Z]+)")
            .str.to_datetime(time_unit="us", strict=False)
        )

    instants = [
        (
            pl.col(f"{name}_at").cast(pl.Datetime("us", "UTC")).dt.replace_time_zone(None)
            if f"{name}_at" in installs.columns
            else in_detail(f"{name}_at")
        ).alias(name)
        for name in _MOMENTS
    ]
    known = installs.with_columns(instants)
    written = pl.all_horizontal(pl.col(name).is_null() for name in _MOMENTS)
    filled = known.with_columns(written=written.all()).with_columns(
        pl.when("written").then(in_detail(f"{name}_written")).otherwise(name).alias(name) for name in _MOMENTS
    )
    first = pl.coalesce("download_started", "started", "ended")
    lasts = pl.col("download_started").is_not_null() | pl.col("started").is_not_null()
    worth = (lasts | pl.col("outcome").is_in(FAILED_TRIES)).any().over("device", "item")
    shown = filled.with_columns(first=first).filter(pl.col("first").is_not_null(), worth)
    shown = shown.sort("first", "try_number")
    leading = pl.col("first").min().over("device", "item")
    return shown.sort(leading, "device", "item", "try_number")


def _draw_try(ax: Axes, row: dict[str, Any], size: float, *, last: bool) -> None:
    """Draw one try on its item's row; the last try of an item carries the words."""
    last_seen = row["ended"] or row["last_seen"]
    loaded = row["download_ended"] or (None if row["started"] else last_seen)
    edges = [row["download_started"], loaded, row["started"], last_seen if row["started"] else row["ended"]]
    _bar(ax, row, "download", edges[0], edges[1])
    _bar(ax, row, "wait", edges[1], edges[2])
    _bar(ax, row, "wait" if row["outcome"] == "waiting" else "install", edges[2], edges[3])
    _bar(ax, row, "detect", edges[3], row["detected"])
    until = max(edge for edge in [*edges, row["detected"]] if edge is not None)
    if row["outcome"] in _BAD:
        mark = "X" if _BAD[row["outcome"]] == FAILURE else ">" if row["outcome"] == "unfinished" else "|"
        ax.plot([until], [row["row"]], marker=mark, color=_BAD[row["outcome"]], markersize=size * 0.7)
    if last and (words := _words(row)):
        where: dict[str, Any] = {"xytext": (5, 0), "textcoords": "offset points", "va": "center"}
        ax.annotate(plain(words), (until, row["row"]), **where, fontsize=size * 0.9, color=INK)


def _words(row: dict[str, Any]) -> str:
    """Return what stands beside the last try of an item: how many there were, and what became of it."""
    notes = [f"try {row['try_number']}"] if row["try_number"] != 1 else []
    if row["outcome"] in _BAD:
        exit_text = f"exit {row['exit_code']}" if row["exit_code"] else ""
        ended = wording.END_OPEN if row["outcome"] == "unfinished" else wording.words(row["outcome"])
        notes += [ended, row["code"] or exit_text]
    return " ".join(note for note in notes if note)


def _bar(ax: Axes, row: dict[str, Any], part: str, since: datetime | None, until: datetime | None) -> None:
    if since is None or until is None or not until > since:
        return
    colour, height = _PARTS[part]
    bad = part == "install" and row["outcome"] in ("failed", "not_detected")
    hatch = (
        OUTCOME_HATCHES["failed"]
        if bad
        else ("\\\\\\" if part == "install" and row["outcome"] == "unfinished" else "")
    )
    left, right = days(since, until)
    ax.barh(
        row["row"],
        right - left,
        left=left,
        height=height,
        color="white" if bad else colour,
        edgecolor=FAILURE if bad else colour,
        hatch=hatch,
        linewidth=0.8,
    )


def _label(row: dict[str, Any]) -> str:
    return shorten(called(row), _LONGEST) + (" ●" if row["blocking"] is True else "")


def _explain(ax: Axes, frame: pl.DataFrame) -> None:
    """Add the legend: parts, a failed install, and the mark of an item the status page waits for."""
    parts: list[Any] = [
        Patch(color=_PARTS[name][0], label=name) for name in ("download", "wait", "install", "detect")
    ]
    failed = Patch(
        facecolor="white", edgecolor=FAILURE, hatch=OUTCOME_HATCHES["failed"], label="failed install"
    )
    block = Line2D([], [], marker="o", color=INK, linestyle="", markersize=4, label="the page waits for it")
    shown: list[Any] = [*parts, failed, *([block] if frame["blocking"].fill_null(False).any() else [])]
    ax.legend(
        handles=shown, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(shown), fontsize=TINY, frameon=False
    )
