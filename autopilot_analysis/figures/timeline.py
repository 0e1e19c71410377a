"""The timeline of a device as a still picture: for paper, and for a notebook that is not live."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis import wording
from autopilot_analysis.colours import ACCENT
from autopilot_analysis.figures.rows import CLOCK, CLOCK_EXACT
from autopilot_analysis.figures.style import (
    CLOCK_LINE,
    FAILURE,
    INK,
    MIST,
    OUTCOME_HATCHES,
    PALE,
    QUIET,
    RESTART_LINE,
    SCREEN,
    SHADE,
    SMALL,
    TINY,
    describe,
    new_axes,
    plain,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes
from autopilot_analysis.tables.story import CLOCK_STEP, SLEEP
from autopilot_analysis.tables.timeline import IDLE, LANE_NAMES, LANES, MOST_TRACKS, OF_LOGS, PARTING
from autopilot_analysis.tables.verdict import CRITICAL, ERROR

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_FOLDS, FOLD_SHARE, WAIT_SHARE = 40, 0.02, 0.16
"""Idle stretches drawn short, and the width of one as a share of what is drawn in full; what a stage waited
through is part of the story and stays wide enough to be read."""
_ROW, _AROUND = 0.24, 1.68
"""Inches of a row, and of the density and what stands around the rows."""
MOST_ROWS = int((SCREEN - _AROUND) / _ROW)
"""Rows that fit a screen; where there are more, the lanes with the most share one each."""
BINS = 400
NAMED_INSIDE = 0.35
"""Share of the width from which a failed bar holds its own name."""
SPAN, MARK = ACCENT, "#4b5563"


class _Folded:
    """Time as it is drawn: idle stretches become short."""

    def __init__(self, moments: NDArray[np.float64], waits: list[tuple[float, float]]) -> None:
        moments = np.unique(moments)
        gaps = sorted(((b - a, a, b) for a, b in pairwise(moments.tolist())), reverse=True)
        rest = max(float(moments[-1] - moments[0]), 1.0)
        folds: list[tuple[float, float]] = []
        for length, a, b in gaps[:MOST_FOLDS]:
            if length < IDLE.total_seconds() or length < rest * FOLD_SHARE:
                break
            folds.append((a, b))
            rest -= length
        self.folds = sorted(folds)
        waited = [fold for fold in folds if any(a <= fold[0] and fold[1] <= b for a, b in waits)]
        narrow = max(rest, 1.0) * min(FOLD_SHARE, 0.4 / max(1, len(folds)))
        wide = max(narrow, max(rest, 1.0) * min(WAIT_SHARE, 0.8 / max(1, len(waited))))
        knots, u, t = [(float(moments[0]), 0.0)], 0.0, float(moments[0])
        for a, b in self.folds:
            knots += [(a, u + a - t), (b, u + a - t + (wide if (a, b) in waited else narrow))]
            u, t = knots[-1][1], b
        knots.append((max(float(moments[-1]), t + 1.0), u + max(float(moments[-1]) - t, 1.0)))
        self.times, self.places = (np.array(values) for values in zip(*knots, strict=True))

    @property
    def width(self) -> float:
        return float(self.places[-1])

    def place(self, seconds: Any) -> NDArray[np.float64]:  # a number or an array of them
        return np.asarray(np.interp(seconds, self.times, self.places), dtype=np.float64)

    def time(self, place: float) -> datetime:
        return datetime.fromtimestamp(float(np.interp(place, self.places, self.times)), UTC)


@takes("build_timeline", "at", "ended_at", "open", "kind", "lane", "track", "level", "title", "dim")
def draw_timeline(timeline: pl.DataFrame | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw everything a device did on one line of time, a row a track, idle stretches short and hatched.

    Args:
        timeline: What `build_timeline` returned, as polars or pandas.
        ax: Where to draw; a new figure when None.

    Returns:
        The Axes drawn on: spans as bars (red and named where they failed), moments as ticks, all records as
        a density at the foot. Without a dated row it says why nothing is drawn.
    """
    dated = (
        polars_of(timeline)
        .filter(pl.col("at").is_not_null())
        .with_columns(start=pl.col("at").dt.epoch("us") / 1e6, end=pl.col("ended_at").dt.epoch("us") / 1e6)
    )
    if dated.is_empty():
        return say_nothing(ax, "nothing with a time was read")
    stages = dated.filter(pl.col("kind") == "stage", pl.col("end").is_not_null())
    moments = np.concatenate([dated["start"].to_numpy(), dated["end"].drop_nulls().to_numpy()])
    folded = _Folded(moments, stages.select("start", "end").rows())
    tracks = _fitting(dated.filter(pl.col("lane") != "records"))
    ax = ax or new_axes(height=_AROUND + _ROW * len(tracks))
    for row, (_, rows) in enumerate(tracks):
        _draw_track(ax, row, rows, folded)
    _draw_density(ax, len(tracks) + 0.5, dated, folded)
    _draw_steps(ax, dated.filter(pl.col("kind") == "step"), folded)
    for a, b in folded.folds:
        left, right = folded.place([a, b])
        ax.axvspan(left, right, facecolor=SHADE, edgecolor=PALE, hatch="////", linewidth=0, zorder=0)
    _label(ax, [name for name, _ in tracks], folded)
    begun, over = (wording.minute(at) for at in (dated["at"].min(), dated["at"].max()))
    counted = wording.count(dated.height, "record or span", wording.RECORDS_AND_SPANS)
    wrong = int((dated["level"].cast(pl.String) == ERROR).sum())
    when = wording.in_zone(f"from {begun} to {over}")
    return describe(ax, f"{counted} on {wording.count(len(tracks), 'row')} {when}; {wrong:,} errors.")


def _fitting(rows: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """Return the rows of the picture from the top with their names, as few as fit a screen."""
    tracks: list[tuple[str, pl.DataFrame]] = []
    for most in range(MOST_TRACKS, 0, -1):
        tracks = list(_tracks(rows, most))
        if len(tracks) <= MOST_ROWS:
            break
    return tracks


def _tracks(rows: pl.DataFrame, most: int) -> Iterable[tuple[str, pl.DataFrame]]:
    """Yield each row of the picture from the top with its name; a lane of more than `most` is one row."""
    for lane in LANES:
        of_lane = rows.filter(pl.col("lane") == lane)
        if of_lane.is_empty():
            continue
        name = LANE_NAMES[lane]
        spans = of_lane.filter(pl.col("end").is_not_null() | pl.col("open"))
        names = spans["track"].unique(maintain_order=True).to_list()
        if len(names) < 2 or len(names) > most:
            yield f"{name}: {len(names)} in one row" if len(names) > most else name, of_lane
            continue
        for track in names:
            yield plain(track, 34), of_lane.filter(pl.col("track") == track)
        rest = of_lane.filter(~pl.col("track").is_in(names))
        if rest.height:
            yield f"{name}: records", rest


def _draw_track(ax: Axes, row: int, rows: pl.DataFrame, folded: _Folded) -> None:
    bad = pl.col("level").is_in([CRITICAL, ERROR])
    moments = rows.filter(pl.col("end").is_null(), ~pl.col("open"))
    for grave, colour, marker in ((False, MARK, "|"), (True, FAILURE, "^")):
        chosen = moments.filter(bad if grave else ~bad)
        if chosen.height:
            places = folded.place(chosen["start"].to_numpy())
            ax.plot(places, [row] * chosen.height, marker, color=colour, markersize=6, linestyle="")
    named = False
    for span in rows.filter(pl.col("end").is_not_null() | pl.col("open")).iter_rows(named=True):
        place = _draw_span(ax, row, span, folded)
        if not named and span["level"] in (CRITICAL, ERROR):
            _name_failure(ax, row, span["title"], place, folded.width)
            named = True  # one name a row: a second would stand on it


def _draw_span(ax: Axes, row: int, span: dict[str, Any], folded: _Folded) -> tuple[float, float]:
    """Draw one bar; return where it begins and ends."""
    failed = span["level"] in (CRITICAL, ERROR)
    left = float(folded.place(span["start"]))
    right = left + folded.width * 0.03 if span["open"] else float(folded.place(span["end"]))
    length = max(right - left, folded.width * 0.002)
    quiet = span["open"] or span["outcome"] in ("skipped", "unknown", SLEEP)
    ax.barh(
        row,
        length,
        left=left,
        height=0.66,
        color=FAILURE if failed else SPAN,
        alpha=0.35 if quiet else 1.0,
        hatch=OUTCOME_HATCHES["failed" if failed else "skipped" if quiet else "succeeded"],
        edgecolor="white",
        linewidth=0.4,
    )
    return left, left + length


def _name_failure(ax: Axes, row: int, title: str, place: tuple[float, float], width: float) -> None:
    """Name what failed: in its bar where there is room, else beside it on the side that has more."""
    left, right = place
    inside, late = right - left > NAMED_INSIDE * width, left > 0.6 * width
    ax.annotate(
        plain(f"{wording.FAILED_SIGN} {title}", 52),
        (right if inside or not late else left, row),
        xytext=(-5 if inside or late else 5, 0),
        textcoords="offset points",
        fontsize=TINY,
        va="center",
        ha="right" if inside or late else "left",
        color=FAILURE,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.9},
    )


def _draw_density(ax: Axes, row: float, dated: pl.DataFrame, folded: _Folded) -> None:
    """Draw how many records there were at each place, and in front how many of them are errors."""
    records = dated.filter(pl.col("kind").is_in(OF_LOGS))
    edges = np.linspace(0, folded.width, BINS + 1)
    bad = pl.col("level").is_in([CRITICAL, ERROR]) & ~pl.col("dim")
    for rows, colour in ((records, MIST), (records.filter(bad), FAILURE)):
        counts, _ = np.histogram(folded.place(rows["start"].to_numpy()), bins=edges)
        heights = np.log1p(counts) / np.log1p(max(int(counts.max(initial=0)), 1))
        foot = row + 0.5
        tops = foot - heights * (1.0 if colour != FAILURE else 0.6)
        ax.stairs(tops, edges, baseline=foot, fill=True, color=colour, linewidth=0)


def _draw_steps(ax: Axes, steps: pl.DataFrame, folded: _Folded) -> None:
    """Draw starts and clock steps through every row."""
    for step in steps.filter(pl.col("outcome").is_in(PARTING)).iter_rows(named=True):
        clock = step["outcome"] == CLOCK_STEP
        ax.axvline(
            float(folded.place(step["start"])),
            color=FAILURE if clock else QUIET,
            linestyle=(CLOCK_LINE if clock else RESTART_LINE).figure,
            linewidth=0.9,
            zorder=1,
        )


def _label(ax: Axes, names: list[str], folded: _Folded) -> None:
    rows = [*range(len(names)), len(names) + 0.5]
    ax.set_yticks(rows, [*names, "All records"], fontsize=SMALL, color=INK)
    ax.set_ylim(len(names) + 1.2, -0.8)
    ax.set_xlim(-0.005 * folded.width, 1.01 * folded.width)
    places = np.linspace(0, folded.width, 6)
    times = [folded.time(place) for place in places]
    exact = CLOCK_EXACT if folded.width < 1800 else CLOCK
    texts = [
        f"{time:{exact}}"
        + (f"\n{wording.short_day(time)}" if not n or time.date() != times[n - 1].date() else "")
        for n, time in enumerate(times)
    ]
    tidy(ax).set_xticks(places, texts, fontsize=SMALL)
    ax.set_xlabel(f"{wording.ZONE}; hatched: nothing was recorded, drawn short")
