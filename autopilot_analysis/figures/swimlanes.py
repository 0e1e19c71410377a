"""Hundreds of deployments side by side: one lane each, its stages as bars from the moment it began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.patches import Patch

from autopilot_analysis.figures.groups import minutes
from autopilot_analysis.figures.rows import draw_bars, edges_of, say_drawn, say_left, say_states, shorten
from autopilot_analysis.figures.style import (
    FAILURE,
    INK,
    NO_LENGTH,
    PALE,
    QUIET,
    SCREEN,
    SMALL,
    STAGE_COLOURS,
    STAGE_HATCHES,
    TINY,
    describe,
    new_axes,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import polars_of, takes, with_columns_of
from autopilot_analysis.fleet.measures.durations import SPANS
from autopilot_analysis.tables.story import UNATTRIBUTED
from autopilot_analysis.wording import SINCE_BEGUN, count, heading, in_minutes, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_LANES = 500
LANES_NAMED, LANES_HATCHED = 50, 12
"""Hatches repeat the colours while there are few enough lanes to see them; order always does."""
_HEIGHT = 0.8
"""Of a bar, as a share of its lane, while lanes are named; of hundreds a gap would be less than a dot."""
NEEDED = (
    "device",
    "deployment",
    "name",
    "serial",
    "outcome",
    "started_at",
    "ended_at",
    "observed_until",
    *SPANS,
)


@takes("load_deployments", "outcome")
def draw_swimlanes(
    deployments: pl.DataFrame | pd.DataFrame, ax: Axes | None = None, *, most: int | None = MOST_LANES
) -> Axes:
    """Draw each deployment as a lane of its stages, the longest at the top.

    Args:
        deployments: One attempt a row, or rows of `stage_runs`, which know when each stage began.
        ax: Where to draw; a new figure when not given.
        most: Lanes to draw at the most, None for all: the longest ones; words below count the others.

    Returns:
        The Axes. Deployments tell how long stages took, not when they began: their stages stand one after
        another and what no stage accounts for comes last. A red sign ends a lane that failed, an arrow one
        that was still running.
    """
    bars, lanes, left = _lanes(polars_of(deployments), most)
    if bars.is_empty():
        return say_nothing(ax, NO_LENGTH)
    ax = ax or new_axes(height=min(SCREEN, 1.4 + 0.2 * lanes.height))
    hatched, height = lanes.height <= LANES_HATCHED, _HEIGHT if lanes.height <= LANES_NAMED else 1.0
    for (stage,), part in bars.group_by("stage", maintain_order=True):
        colour, hatch, edge = _look(stage, hatched=hatched)
        look: dict[str, Any] = {"facecolor": colour, "hatch": hatch, "edgecolor": edge}
        draw_bars(ax, part["place"], part["start"], part["length"], height, **look, linewidth=0.3 * hatched)
    _draw_ends(ax, lanes)
    if lanes.height <= LANES_NAMED:
        ax.set_yticks(range(lanes.height), [shorten(name, 30) for name in lanes["lane"]], fontsize=TINY)
    else:
        ax.set_yticks([])
    ax.set_ylim(lanes.height - 0.4, -0.6)
    ax.set_xlim(0, edges_of(lanes["end"], 1)[1] * 1.03)
    more = say_left(left, "attempt", f"quicker, {say_states(left['outcome'])}")
    about = f"{SINCE_BEGUN}; {count(lanes.height, 'attempt')}, x failed, > not ended"
    ax.set_xlabel(f"{about}\n{more}" if more else about)
    _explain(ax, bars["stage"].unique(maintain_order=True).to_list(), hatched=hatched)
    first = lanes.row(0, named=True)
    widest = bars.filter(pl.col("place") == 0).sort("length", descending=True).row(0, named=True)
    about = f"the longest, {first['lane']}: {in_minutes(first['end'])}, {words(first['outcome'])}"
    longest = f"{words(widest['stage'])} took {in_minutes(widest['length'])} of it"
    counted = count(lanes.height + left.height, "attempt")
    return describe(tidy(ax), f"{counted}; {about}; {longest}{say_drawn(lanes, more)}.")


def _lanes(frame: pl.DataFrame, most: int | None) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return bars (place, stage, start, minutes), lanes (place, lane, end, outcome), other lanes."""
    runs = (
        _of_runs(frame) if "waited" in frame.columns and "stage" in frame.columns else _of_deployments(frame)
    )
    lanes = runs.group_by("lane", maintain_order=True).agg(
        end=(pl.col("start") + pl.col("length")).max(), outcome=pl.col("outcome").last()
    )
    lanes = lanes.sort("end", "lane", descending=[True, False]).with_row_index("place")
    shown = lanes.head(lanes.height if most is None else most)
    bars = runs.join(shown.select("lane", "place"), on="lane").filter(pl.col("length") > 0)
    return bars.sort("place", "start", maintain_order=True), shown, lanes.slice(shown.height)


def _of_runs(frame: pl.DataFrame) -> pl.DataFrame:
    known = frame.filter(pl.col("started_at").is_not_null(), pl.col("waited").is_not_null())
    began = pl.col("started_at").min().over("device", "attempt")
    start = (pl.col("started_at") - began).dt.total_microseconds() / 60e6
    return known.sort("device", "attempt", "started_at").select(
        lane=pl.format("{} / {}", "device", "attempt"),
        stage=pl.col("stage").cast(pl.String),
        start=start,
        length=minutes_of("waited"),
        outcome=pl.col("outcome").cast(pl.String).replace({"unfinished": "in_progress"}),
    )


def minutes_of(name: str) -> pl.Expr:
    """Return a span column in minutes.

    Args:
        name: The column.
    """
    return pl.col(name).dt.total_microseconds() / 60e6


def _of_deployments(frame: pl.DataFrame) -> pl.DataFrame:
    """Put the stages of each deployment one after another, what is left of its total last."""
    frame = with_columns_of(frame, NEEDED)
    watched = pl.coalesce("ended_at", "observed_until") - pl.col("started_at")
    parts = frame.select(
        lane=_lane_names(frame),
        outcome=pl.col("outcome").cast(pl.String),
        whole=pl.coalesce("total", pl.when(watched >= pl.duration()).then(watched)),
        **{name: pl.col(name).fill_null(pl.duration()) for name in SPANS[1:]},
    )
    known = sum((pl.col(name) for name in SPANS[1:]), pl.duration())
    parts = parts.with_columns(
        pl.max_horizontal(pl.col("whole") - known, pl.duration()).fill_null(pl.duration()).alias(UNATTRIBUTED)
    )
    long = parts.unpivot(
        on=[*SPANS[1:], UNATTRIBUTED], index=["lane", "outcome"], variable_name="stage", value_name="span"
    )
    ordered = long.with_columns(length=minutes(long["span"])).with_columns(
        start=pl.col("length").cum_sum().over("lane") - pl.col("length")
    )
    return ordered.filter(pl.col("length") > 0).select("lane", "stage", "start", "length", "outcome")


def _lane_names(frame: pl.DataFrame) -> pl.Series:
    """Return what people call each lane's device; where several lanes are of one, the attempt's key."""
    called = frame.select(pl.coalesce("name", "serial", "device"))["name"]
    return frame["deployment"].zip_with(called.is_duplicated() | called.is_null(), called)


def _look(stage: str, *, hatched: bool) -> tuple[str, str, str]:
    """Return the colour, hatch and edge of a stage; in hundreds of lanes a hatch would be noise."""
    known = STAGE_COLOURS.get(stage)
    if not hatched:
        return known or PALE, "", known or PALE
    return known or "white", STAGE_HATCHES.get(stage, ""), PALE if known else QUIET


def _draw_ends(ax: Axes, lanes: pl.DataFrame) -> None:
    size = 6.0 if lanes.height <= LANES_NAMED else 3.0
    for outcomes, marker, colour in ((("failed",), "x", FAILURE), (("in_progress", "abandoned"), ">", INK)):
        ends = lanes.filter(pl.col("outcome").is_in(outcomes))
        if ends.is_empty():
            continue
        ax.plot(
            ends["end"], ends["place"], marker, color=colour, markersize=size, linestyle="none", clip_on=False
        )


def _explain(ax: Axes, stages: list[str], *, hatched: bool) -> None:
    handles = [
        Patch(facecolor=colour, edgecolor=edge, hatch=hatch, linewidth=0.4, label=heading(stage))
        for stage in stages
        for colour, hatch, edge in [_look(stage, hatched=hatched)]
    ]
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=5,
        fontsize=SMALL,
        frameon=False,
        labelcolor=QUIET,
    )
