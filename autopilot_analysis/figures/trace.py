"""One device at a glance: stages of every attempt over time, with failures, reboots and clock steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import polars as pl
from matplotlib.patches import Patch

from autopilot_analysis import wording
from autopilot_analysis.figures.rows import fit_rows, say_drawn, say_left, say_states, worst_first
from autopilot_analysis.figures.style import (
    CLOCK_LINE,
    FAILURE,
    INK,
    LARGE,
    OUTCOME_HATCHES,
    PALE,
    QUIET,
    RESTART_LINE,
    SCREEN,
    STAGE_COLOURS,
    TALLEST,
    TEXT,
    TINY,
    describe,
    new_axes,
    plain,
    say_nothing,
    tidy,
)
from autopilot_analysis.fleet.frames import takes
from autopilot_analysis.quoting import CUT
from autopilot_analysis.tables.story import CLOCK_STEP
from autopilot_analysis.tables.timeline import PARTING
from autopilot_analysis.tables.verdict import CAUSE, INFO
from autopilot_analysis.wording import BETWEEN, heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from autopilot_analysis.tables import Findings, Trace

CAPTION = 120
"""Signs that fit above the lanes; captions take no part in the layout, so that no name crowds them out."""
SHORTEST = 0.004
"""Share of the width below which a bar is drawn at this width: a stage of a second must be seen."""
CAUSE_LINE, CAUSE_LINES = 96, 3
"""Signs in a line of a cause under its attempt's heading, and most lines of one."""
MOST_FAILED = 6
"""Failed stages named in words."""
_LANE, _LEAST_LANE, _AROUND = 0.27, 0.22, 1.0
"""Inches of a lane, of one where a screen is full, and of what stands above and below the lanes."""
MOST_LANES = int((SCREEN - _AROUND) / _LEAST_LANE)
"""Lanes, with headings and causes, that fit a screen."""


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _lanes(trace: Trace) -> pl.DataFrame:
    """One row a lane from the top: each attempt's heading, then its stages in order."""
    begun = trace.attempts.select(
        "device", "attempt", "scenario", "outcome", "begun", begun_at="started_at", over_at="ended_at"
    )
    runs = trace.stage_runs.rename({"outcome": "came_of"}).join(begun, on=["device", "attempt"], how="left")
    return runs.sort("device", "attempt", "stage").with_columns(
        opens=pl.int_range(pl.len()).over("device", "attempt") == 0
    )


def _label(run: dict[str, Any]) -> str:
    if run["came_of"] == "failed":
        return f"{wording.FAILED_SIGN} {wording.words('failed')}" + (f" {run['code']}" if run["code"] else "")
    if run["came_of"] == "skipped":
        skipped = wording.words("skipped")
        return skipped if run["started_at"] is None else BETWEEN.join([skipped, wording.span(run["waited"])])
    if run["came_of"] in ("unfinished", "unknown"):
        return wording.END_OPEN if run["came_of"] == "unknown" else wording.NOT_FINISHED
    return f"done, {wording.NO_TIME}" if run["waited"] is None else wording.span(run["waited"])


def _draw_run(ax: Axes, row: float, run: dict[str, Any], begun: datetime | None, width: float) -> None:
    start, end = run["started_at"] or run["ended_at"], run["ended_at"] or run["started_at"]
    left = _minutes(start - begun) if start and begun else 0.0
    failed = run["came_of"] == "failed"
    if start and begun and not (run["came_of"] == "skipped" and run["started_at"] is None):
        open_end = run["ended_at"] is None
        length = max(_minutes(end - start), width * SHORTEST) if not open_end else width * 0.02
        ax.barh(
            row,
            length,
            left=left,
            height=0.62,
            color=STAGE_COLOURS[run["stage"]],
            hatch=OUTCOME_HATCHES[run["came_of"]],
            edgecolor=FAILURE if failed else "white",
            linewidth=1.6 if failed else 0.5,
            alpha=0.45 if open_end else 1.0,
        )
        left += length
    ax.annotate(
        plain(_label(run)),
        (left, row),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=TEXT,
        color=FAILURE if failed else INK if start else QUIET,
        fontweight="bold" if failed else "normal",
    )


def _draw_steps(ax: Axes, trace: Trace, spans: list[dict[str, Any]]) -> set[str]:
    """Mark reboots, renames and clock steps inside each attempt's own lanes."""
    labelled: set[str] = set()
    for span in spans:
        inside = trace.steps.filter(
            pl.col("device") == span["device"],
            pl.col("at").is_between(span["begun_at"], span["over_at"]),
            pl.col("kind").is_in(PARTING),
        )
        for step in inside.iter_rows(named=True):
            x = _minutes(step["at"] - span["begun_at"])
            clock = step["kind"] == CLOCK_STEP
            colour, line = (FAILURE, CLOCK_LINE) if clock else (QUIET, RESTART_LINE)
            ax.plot(
                [x, x],
                [span["top"] - 0.45, span["bottom"] + 0.45],
                color=colour,
                linestyle=line.figure,
                linewidth=1.2,
            )
            if step["kind"] not in labelled or clock:
                note = f"clock {_signed(step['amount'])}" if clock else wording.words(step["kind"])
                place = (x, span["top"] - 0.45 if clock else span["bottom"] + 0.45)
                ax.annotate(
                    plain(note),
                    place,
                    xytext=(3, 1),
                    textcoords="offset points",
                    fontsize=TINY,
                    color=colour,
                )
            labelled.add(step["kind"])
    return labelled


def _signed(amount: timedelta | None) -> str:
    if amount is None:
        return "step"
    return ("+" if amount > timedelta() else "−") + wording.span(abs(amount))


def _legend(ax: Axes, outcomes: set[str]) -> None:
    known = {"failed": FAILURE, "skipped": "white", "unfinished": "white", "unknown": "white"}
    patches = [
        Patch(facecolor=PALE, hatch=OUTCOME_HATCHES[o], edgecolor=known[o], label=wording.words(o))
        for o in known
        if o in outcomes
    ]
    if patches:
        ax.legend(
            handles=patches,
            loc="lower right",
            bbox_to_anchor=(1, 1),
            borderaxespad=0.1,
            ncols=4,
            fontsize=TINY,
            frameon=False,
        )


@takes("build_trace", "attempts", "stage_runs", "steps")
def draw_trace(
    trace: Trace,
    findings: Findings | None = None,
    ax: Axes | None = None,
    *,
    most: int | None = MOST_LANES,
) -> Axes:
    """Draw each attempt's stages as bars from start to end, in minutes since the attempt began.

    Args:
        trace: What `build_trace` returned, of one device or a few.
        findings: What `find` returned; the first cause of each attempt is written under its heading.
        ax: Where to draw; a new figure when None.
        most: Lanes to draw at the most, headings and causes among them, None for all. Attempts that failed
            or were not seen to end stay first, then the longest; the last row counts the others.

    Returns:
        The Axes drawn on: one row a stage run, failures hatched and named, restarts and clock steps as
        broken lines of their own kinds. Without runs it says why nothing is drawn.
    """
    every = _lanes(trace)
    if every.is_empty():
        return say_nothing(ax, f"{wording.NO_ATTEMPT_SEEN}, so there is no stage to draw")
    if every.select(pl.col("ended_at", "over_at").count()).sum_horizontal()[0] == 0:
        return say_nothing(ax, "no stage was seen to end, so no bar has a length")
    causes = _causes(findings)
    attempts = _attempts(every, causes)
    spent = pl.col("over_at") - pl.col("begun_at")
    drawn, left = fit_rows(attempts, most, (worst_first("outcome"), spent), size=pl.col("rows"))
    more = say_left(left, "attempt", say_states(left["outcome"]))
    lanes = every.join(drawn, on=["device", "attempt"], how="semi", maintain_order="left")
    down = float(drawn["rows"].sum()) + bool(more)
    ax = ax or new_axes(height=min(_AROUND + _LANE * down, SCREEN if down <= MOST_LANES else TALLEST))
    length = (
        pl.col("over_at").fill_null(pl.col("ended_at").max().over("device", "attempt")) - pl.col("begun_at")
    ).max()
    width = max(_minutes(lanes.select(length).item() or timedelta(minutes=1)), 0.5)
    row, ticks, labels, spans = 0.0, [], [], []
    several = lanes["device"].n_unique() > 1
    for run in lanes.iter_rows(named=True):
        if run["opens"]:
            row += 0.35 if row else 0.0
            begun = run["begun_at"]
            before = "began before " if run["begun"] is False else ""
            when = f"{before}{wording.in_zone(begun)}" if begun else wording.NO_TIME
            who = [run["device"]] if several else []
            scenario = heading(run["scenario"] or "scenario unknown")
            which = wording.attempt(run["attempt"])
            text = BETWEEN.join([*who, which, scenario, when, wording.words(run["outcome"])])
            ax.text(
                0,
                row,
                plain(text, CAPTION),
                fontsize=LARGE,
                fontweight="bold",
                color=INK,
                va="center",
                in_layout=False,
            )
            for line in _cause_lines(causes, run["device"], run["attempt"]):
                row += 0.8
                ax.text(
                    0, row, plain(line, CAPTION), fontsize=TEXT, color=FAILURE, va="center", in_layout=False
                )
            row += 1
            spans.append(
                {"device": run["device"], "begun_at": begun, "over_at": None, "top": row, "bottom": row}
            )
        _draw_run(ax, row, run, run["begun_at"], width)
        span = spans[-1]
        last = max((t for t in (span["over_at"], run["ended_at"], run["started_at"]) if t), default=None)
        span.update(bottom=row, over_at=last)
        ticks.append(row)
        labels.append(heading(run["stage"]))
        row += 1
    _draw_steps(ax, trace, [s for s in spans if s["begun_at"] and s["over_at"]])
    if more:
        ax.text(0, row + 0.35, more, fontsize=TEXT, color=QUIET, va="center", in_layout=False)
        row += 1.35
    ax.set_yticks(ticks, labels, fontsize=TEXT)
    ax.set_ylim(row - 0.3, -0.8)
    ax.set_xlim(0, width * 1.22)
    ax.set_xlabel(wording.SINCE_BEGUN)
    _legend(ax, set(lanes["came_of"].cast(pl.String)))
    return describe(tidy(ax), f"{_described(every)}{say_drawn(drawn, more)}.")


def _attempts(lanes: pl.DataFrame, causes: dict[tuple[str, int | None], str]) -> pl.DataFrame:
    """Return one row an attempt, with the rows of type that it takes: heading, causes, a lane a stage."""
    keys = ["device", "attempt"]
    attempts = lanes.group_by(keys, maintain_order=True).agg(
        pl.col("outcome", "begun_at", "over_at").first(), lanes=pl.len()
    )
    lines = [len(_cause_lines(causes, *key)) for key in attempts.select(keys).iter_rows()]
    above = 1.35 + 0.8 * pl.Series(lines, dtype=pl.Float64)
    return attempts.with_columns(rows=pl.col("lanes") + above)


def _described(lanes: pl.DataFrame) -> str:
    """Return how many attempts are drawn, how they ended, the longest stage and what failed."""
    attempts = lanes.filter("opens")
    sentences = [f"{wording.count(attempts.height, 'attempt')}: {say_states(attempts['outcome'])}"]
    timed = lanes.drop_nulls("waited").sort("waited", descending=True).head(1)
    for stage, waited in timed.select("stage", "waited").iter_rows():
        sentences.append(f"the longest stage: {wording.words(stage)}, {wording.span(waited)}")
    failed = lanes.filter(pl.col("came_of") == "failed").select("attempt", "stage", "code")
    for attempt, stage, code in failed.head(MOST_FAILED).iter_rows():
        sentences.append(
            f"attempt {attempt} failed in {wording.words(stage)}{f' with {code}' if code else ''}"
        )
    return "; ".join(sentences)


def _cause_lines(causes: dict[tuple[str, int | None], str], device: str, attempt: int | None) -> list[str]:
    """Return the first cause of an attempt in lines that fit the figure; a word is never cut in two."""
    why = causes.get((device, attempt), "")
    return wrap(why, CAUSE_LINE, max_lines=CAUSE_LINES, placeholder=f" {CUT}")


def _causes(findings: Findings | None) -> dict[tuple[str, int | None], str]:
    if findings is None:
        return {}
    causes = findings.findings.filter(pl.col("role") == CAUSE, pl.col("severity") != INFO)
    proofs = findings.evidence.select("device", "rule", proven="attempt").drop_nulls()
    proven = causes.join(proofs, on=["device", "rule"], maintain_order="left").unique(
        ["device", "proven"], keep="first", maintain_order=True
    )
    return {
        (device, attempt): title
        for device, attempt, title in proven.select("device", "proven", "title").iter_rows()
    }
