"""Installs as a waterfall: when each try downloaded, waited, installed and was looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from autopilot_analysis import wording
from autopilot_analysis.figures.rows import (
    ROWS,
    days,
    draw_bars,
    fit_rows,
    label_rows,
    label_times,
    row_axes,
    say_drawn,
    say_left,
    say_states,
    shorten,
    worst_first,
    write_beside,
)
from autopilot_analysis.figures.style import (
    FAILURE,
    GRID,
    INK,
    LONGEST_ITEM,
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
_ROOM, _SHORTEST = 0.05, 1e-4
"""Share of the time that stays free on both sides, and the least time, in days, that an axis spans."""
_NOT_INSTALLED = ("failed", "not_detected", "unfinished")
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
def draw_installs(
    installs: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, most: int | None = ROWS
) -> Axes:
    """Draw each item as one row of bars, first to begin at the top, every try of it on that row.

    Of several devices each row names its own.

    Thin pale bars are downloads, hairlines waits between two parts, thick bars installs, thin yellow ones
    detection; a failed install is hatched, edged and marked with its code, an arrow points on where a try was
    not seen to end, a later try carries its number.
    Items of which only one moment is known, such as policies that were set, are left out unless they failed.

    Args:
        installs: The columns of tables.Install. Where no instant is known, times as written are drawn.
        ax: Where to draw; a new figure when not given.
        most: Rows to draw at the most, None for all. What failed or was not seen to end stays first, then
            what took longest; the last row counts the others.
    """
    frame = _timed(polars_of(installs))
    if frame.is_empty():
        return say_nothing(ax, "no app, script or policy was seen to start or to fail")
    items = _items(frame)
    rows, left = fit_rows(items, most, (worst_first("outcome"), pl.col("spent")))
    rows = rows.with_row_index("row")
    frame = frame.join(rows.select("row", "device", "item"), on=["device", "item"], maintain_order="left")
    ax, size = row_axes(rows.height + bool(left.height), ax)
    _draw_tries(ax, frame, size)
    more = say_left(left, "item", say_states(left["outcome"]))
    several = items["device"].n_unique() > 1
    label_rows(ax, [_label(row, several=several) for row in rows.iter_rows(named=True)], size, more)
    label_times(ax, "as the device wrote it" if frame["written"].all() else wording.ZONE)
    _explain(ax, frame)
    bad = items.filter(pl.col("outcome").is_in(_NOT_INSTALLED))
    named = [called(row) for row in bad.head(_NAMED).iter_rows(named=True)]
    others = wording.and_more(bad.height - _NAMED)
    which = f"; not installed: {', '.join(named)}{others}" if named else ""
    tried = wording.count(int(items["tries"].sum()), "try", "tries")
    counted = f"{wording.count(items.height, 'item')}, {tried}: {say_states(items['outcome'])}{which}"
    return describe(tidy(ax), f"{counted}{say_drawn(rows, more)}.")


def _items(tries: pl.DataFrame) -> pl.DataFrame:
    """Return the items in the order in which they began, each as its last try left it."""
    moments = pl.concat_list(pl.col(name) for name in _MOMENTS)
    edges = tries.with_columns(begun=moments.list.min(), over=moments.list.max())
    return edges.group_by("device", "item", maintain_order=True).agg(
        pl.col("name", "blocking", "outcome").last(),
        spent=pl.col("over").max() - pl.col("begun").min(),
        tries=pl.len(),
    )


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


def _draw_tries(ax: Axes, frame: pl.DataFrame, size: float) -> None:
    """Draw all tries, each on its item's row; the last try of an item carries the words."""
    bars: dict[tuple[str, str], list[tuple[int, float, float]]] = {}
    marks: dict[str, list[tuple[float, int]]] = {}
    edges: list[float] = []
    latest = dict(frame.group_by("row").agg(pl.col("try_number").max()).iter_rows())
    for row in frame.iter_rows(named=True):
        parts = _parts(row)
        for part, since, until in parts:
            if since is not None and until is not None and until > since:
                left, right = days(since, until)
                state = row["outcome"] if part == "install" else ""
                bars.setdefault((part, state), []).append((row["row"], left, right - left))
        known = days(*(edge for part in parts for edge in part[1:] if edge is not None))
        edges += known
        end = max(known)
        if row["outcome"] in _BAD:
            marks.setdefault(row["outcome"], []).append((end, row["row"]))
        if row["try_number"] == latest[row["row"]] and (words := _words(row)):
            write_beside(ax, plain(words), (end, row["row"]), size * 0.9, gap=5)
    room = _ROOM * max(max(edges) - min(edges), _SHORTEST)
    ax.set_xlim(min(edges) - room, max(edges) + room)
    for (part, state), places in bars.items():
        rows, lefts, lengths = zip(*places, strict=True)
        draw_bars(ax, rows, lefts, lengths, _PARTS[part][1], **_look(part, state))
    for outcome, ends in marks.items():
        colour = _BAD[outcome]
        mark = "X" if colour == FAILURE else ">" if outcome == "unfinished" else "|"
        ax.plot(*zip(*ends, strict=True), mark, linestyle="", color=colour, markersize=size * 0.7)


def _parts(row: dict[str, Any]) -> list[tuple[str, datetime | None, datetime | None]]:
    """Return the parts of one try, each with its edges as far as they are known."""
    last_seen = row["ended"] or row["last_seen"]
    loaded = row["download_ended"] or (None if row["started"] else last_seen)
    ended = last_seen if row["started"] else row["ended"]
    return [
        ("download", row["download_started"], loaded),
        ("wait", loaded, row["started"]),
        ("wait" if row["outcome"] == "waiting" else "install", row["started"], ended),
        ("detect", ended, row["detected"]),
    ]


def _look(part: str, outcome: str) -> dict[str, Any]:
    """Return how a part of a try looks; of an install, what it came to decides."""
    colour, _ = _PARTS[part]
    if outcome in FAILED_TRIES:
        hatch = OUTCOME_HATCHES["failed"]
        return {"facecolor": "white", "edgecolor": FAILURE, "hatch": hatch, "linewidth": 0.8}
    hatch = OUTCOME_HATCHES["unfinished" if outcome == "unfinished" else "succeeded"]
    return {"facecolor": colour, "edgecolor": colour, "hatch": hatch, "linewidth": 0.8}


def _words(row: dict[str, Any]) -> str:
    """Return what stands beside the last try of an item: how many there were, and what became of it."""
    notes = [f"try {row['try_number']}"] if row["try_number"] != 1 else []
    if row["outcome"] in _BAD:
        exit_text = f"exit {row['exit_code']}" if row["exit_code"] else ""
        ended = wording.END_OPEN if row["outcome"] == "unfinished" else wording.words(row["outcome"])
        notes += [ended, row["code"] or exit_text]
    return " ".join(note for note in notes if note)


def _label(row: dict[str, Any], *, several: bool) -> str:
    """Return what a row is called; with the device before it where there are several."""
    whose = f"{row['device']}: " if several and row["device"] else ""
    return whose + shorten(called(row), LONGEST_ITEM) + (" ●" if row["blocking"] is True else "")


def _explain(ax: Axes, frame: pl.DataFrame) -> None:
    """Add the legend: parts, a failed install, and the mark of an item the status page waits for."""
    parts: list[Any] = [
        Patch(color=colour, label=wording.words(name)) for name, (colour, _) in _PARTS.items()
    ]
    failed = Patch(
        facecolor="white", edgecolor=FAILURE, hatch=OUTCOME_HATCHES["failed"], label="failed install"
    )
    block = Line2D([], [], marker="o", color=INK, linestyle="", markersize=4, label="the page waits for it")
    shown: list[Any] = [*parts, failed, *([block] if frame["blocking"].fill_null(False).any() else [])]
    ax.legend(
        handles=shown, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(shown), fontsize=TINY, frameon=False
    )
