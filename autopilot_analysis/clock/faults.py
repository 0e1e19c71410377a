"""Where a clock went wrong: at a fall, as at the start of a board without a battery, that is undone later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis.clock.records import NEARBY, SERIES, SLACK, UNNAMED_STEP

StepRow = dict[str, Any]
"""A row of what `recorded_steps` returns."""


def undone_fall(step: StepRow, steps: Sequence[StepRow]) -> StepRow | None:
    """Return the last fall that a step forward undoes: before it the clock was right.

    A fall that took less than half of what the step gives back lies between two times that are both wrong.

    Args:
        step: A record of a step.
        steps: All records of steps of the device.
    """
    falls = [fall for fall in steps if _undoes(step, fall)]
    return max(falls, key=lambda fall: fall["old_at"], default=None)


def is_undone(fall: StepRow, steps: Sequence[StepRow]) -> bool:
    """Tell whether a step of the device undoes a fall."""
    return any(_undoes(step, fall) for step in steps)


def is_unsure(fall: StepRow, steps: Sequence[StepRow]) -> bool:
    """Tell whether a fall lies at a start and nothing gives it back: which side is wrong is not known."""
    return not fall["named"] and not fall["sure"] and not any(_returns(step, fall) for step in steps)


def _undoes(step: StepRow, fall: StepRow) -> bool:
    return _returns(step, fall) and bool(-2 * fall["amount"] >= step["amount"])


def _returns(step: StepRow, fall: StepRow) -> bool:
    """Tell whether the time service found the clock where it fell to, and set it past where it fell from."""
    return bool(
        fall["amount"] < timedelta() < step["amount"]
        and step["sure"]
        and fall["new_at"] - SLACK <= step["old_at"] < fall["old_at"] <= step["new_at"] - SLACK
    )


def stretch(
    ordered: pl.DataFrame, step: StepRow, edge: pl.DataFrame, earlier: Sequence[tuple[StepRow, pl.DataFrame]]
) -> pl.DataFrame:
    """Return the records, a series, from a fall of the clock up to the step that undoes it.

    They are the last before the step that show times between the fall and the step, without a fall among
    them that no other step knows. Where right records show the same times, a series counts only if it shows
    the fall itself; one that opens with times of an earlier stretch began with that.

    Args:
        ordered: Records by series and record id.
        step: A step with `fell_to`, what the clock showed after the fall.
        edge: The first record after the step, of each series that has one.
        earlier: Earlier steps, and what each moves, as `edges.moves` returns it.
    """
    first, latest = step["fell_to"] - NEARBY, step["old_at"] + SLACK
    inner = [(other, move) for other, move in earlier if within(other, step)]
    last = max([latest, *(back["old_at"] + SLACK for back, _ in inner if back["amount"] < timedelta())])
    before = _before(ordered, edge).with_columns(between=pl.col("recorded_at").is_between(first, last))
    runs = _runs(before, inner)
    right = before.join(runs.filter("shown").select(*SERIES, "start"), on=SERIES).filter(
        "between", pl.col("record") < pl.col("start")
    )
    for other, move in earlier:
        right = right.join(_inside(right, move), on=[*SERIES, "record"], how="anti")
        began = runs.filter(pl.col("before_at").is_null(), pl.col("latest") <= other["old_at"] + SLACK)
        theirs = _inside(began.with_columns(record="start"), move)
        runs = runs.join(theirs, on=SERIES, how="anti")
    return runs.filter(pl.col("shown") | right.is_empty()).select(*SERIES, "start", "boundary")


def within(other: StepRow, step: StepRow) -> bool:
    """Tell whether another step left the clock between a fall and the step that undoes it.

    Args:
        other: An earlier step.
        step: A step with `fell_to`.
    """
    return bool(step["fell_to"] - NEARBY <= other["new_at"] <= step["old_at"] + SLACK)


def _runs(before: pl.DataFrame, inner: Sequence[tuple[StepRow, pl.DataFrame]]) -> pl.DataFrame:
    """Return the last records, a series, that lie between, since a fall that no step within explains.

    Over a step back both sides are moved; a step forward shuffles the records around it.
    `shown`: whether the series shows the fall; before_at: what stood before it, null at a series' beginning.
    """
    opening = before.filter(pl.col("before_at") - pl.col("recorded_at") >= UNNAMED_STEP)
    for other, move in inner:
        if other["amount"] < timedelta():
            opening = opening.join(move.rename({"boundary": "record"}), on=[*SERIES, "record"], how="anti")
        else:
            shuffled = (pl.col("before_at") >= other["new_at"] - SLACK) & (
                pl.col("recorded_at") <= other["old_at"] + SLACK
            )
            opening = opening.filter(~shuffled)
    opened = opening.group_by(SERIES).agg(opened=pl.col("record").max())
    outside = before.filter(~pl.col("between")).group_by(SERIES).agg(outside=pl.col("record").max())
    run = before.join(opened, on=SERIES, how="left").join(outside, on=SERIES, how="left")
    run = run.filter(
        pl.col("record") >= pl.col("opened").fill_null(-1), pl.col("record") > pl.col("outside").fill_null(-1)
    )
    in_order = run.sort("record").group_by(SERIES)
    runs = in_order.agg(
        start=pl.col("record").first(),
        boundary=pl.col("boundary").first(),
        latest=pl.col("recorded_at").max(),
        before_at=pl.col("before_at").first(),
        at=pl.col("recorded_at").first(),
    )
    return runs.with_columns(shown=(pl.col("before_at") > pl.col("at")).fill_null(value=False)).drop("at")


def _before(ordered: pl.DataFrame, edge: pl.DataFrame) -> pl.DataFrame:
    """Return, a series, the records before its edge, all where it has none, each with the time before it."""
    ends = ordered.group_by(SERIES).agg(boundary=pl.col("record").max() + 1)
    edges = pl.concat([edge, ends.join(edge, on=SERIES, how="anti").select(edge.columns)])
    before = ordered.join(edges, on=SERIES, maintain_order="left").filter(
        pl.col("record") < pl.col("boundary")
    )
    return before.select(
        *SERIES, "record", "recorded_at", "boundary", before_at=pl.col("recorded_at").shift().over(SERIES)
    )


def _inside(records: pl.DataFrame, move: pl.DataFrame) -> pl.DataFrame:
    """Return the records that a step moves."""
    ranges = move.select(*SERIES, since="start", until="boundary")
    return records.join(ranges, on=SERIES).filter(
        pl.col("record").is_between("since", "until", closed="left")
    )
