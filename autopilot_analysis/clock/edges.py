"""Where a step divides each channel: at that channel's own record of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis.clock.faults import stretch, within
from autopilot_analysis.clock.records import (
    NEARBY,
    SERIES,
    SILENCE,
    SLACK,
    SMALLEST_STEP,
    UNNAMED_STEP,
)


def _boundaries(ordered: pl.DataFrame, step: dict[str, Any], floor: pl.DataFrame) -> pl.DataFrame:
    """Return, a series, the first record after the step; series that do not show it are not in the frame.

    After a step back that is where time falls the most between the two clocks: records that merely changed
    places fall by seconds, on one side of it. The record that tells of a step may follow one that has the new
    time already.
    """
    later = (
        ordered.join(floor, on=SERIES, how="left")
        .filter(pl.col("record") >= pl.col("from_record").fill_null(-1))
        .with_columns(before_at=pl.col("recorded_at").shift().over(SERIES))
    )
    new_at, old_at = pl.lit(step["new_at"]), pl.lit(step["old_at"])
    fall = pl.col("before_at") - pl.col("recorded_at")
    if step["amount"] < timedelta():
        after = later.filter(
            (fall > pl.lit(SMALLEST_STEP) / 2)
            & (pl.col("before_at") > new_at)
            & (pl.col("before_at") <= old_at + SLACK)
            & (pl.col("recorded_at") >= new_at - SLACK)
        ).sort(fall, descending=True, maintain_order=True)
    else:
        after = later.filter(pl.col("recorded_at") >= new_at - SLACK)
    first = after.unique(SERIES, keep="first", maintain_order=True).select(*SERIES, "record")
    own = pl.DataFrame([{name: step[name] for name in (*SERIES, "record")}], schema=first.schema)
    return pl.concat([own, first]).group_by(SERIES).agg(boundary=pl.col("record").min())


def _without_fall(ordered: pl.DataFrame, step: dict[str, Any], edge: pl.DataFrame) -> pl.DataFrame:
    """Return, for series that wrote nothing until the time had passed again, the records before a step back.

    Those lie where others wrote on the wrong clock, and before any wrote there on the right one; what cannot
    be told apart stays as it was written.
    """
    divided = ordered.join(edge, on=SERIES)
    between = pl.col("recorded_at").is_between(pl.lit(step["new_at"]) + SLACK, pl.lit(step["old_at"]) + SLACK)
    wrong = divided.filter((pl.col("record") < pl.col("boundary")) & between)["recorded_at"].min()
    since = pl.lit(wrong, dtype=ordered.schema["recorded_at"]) - NEARBY
    right = divided.filter(
        (pl.col("record") >= pl.col("boundary")) & between & (pl.col("recorded_at") >= since)
    )
    until = pl.lit(right["recorded_at"].min(), dtype=ordered.schema["recorded_at"])
    quiet = ordered.join(edge, on=SERIES, how="anti").filter(
        between, pl.col("recorded_at") >= since, (pl.col("recorded_at") < until).fill_null(value=True)
    )
    return quiet.group_by(SERIES).agg(start=pl.col("record").min(), boundary=pl.col("record").max() + 1)


def _before_forward(ordered: pl.DataFrame, step: dict[str, Any], edge: pl.DataFrame) -> pl.DataFrame:
    """Return, for series that wrote nothing after a step forward, the end of what they wrote before it.

    After it the clock shows nothing earlier than the step's end, so what was written earlier lies before.
    """
    earlier = ordered.join(edge, on=SERIES, how="anti").filter(
        pl.col("recorded_at") <= pl.lit(step["old_at"]) + SLACK
    )
    return earlier.group_by(SERIES).agg(boundary=pl.col("record").max() + 1)


def _reach(ordered: pl.DataFrame, step: dict[str, Any], edge: pl.DataFrame) -> pl.DataFrame:
    """Return `edge` with the first record, a series, that the wrong clock is known to have written.

    A clock that went wrong while the device was off shows no step, so a step speaks for the time since the
    last long silence of all channels and not for what lies behind it.
    """
    before = ordered.join(edge, on=SERIES).filter(pl.col("record") < pl.col("boundary"))
    latest = pl.lit(step["old_at"]) + SLACK
    written = before.filter(pl.col("recorded_at") <= latest)["recorded_at"].sort()
    silent = written.to_frame().filter(pl.col("recorded_at").diff() >= SILENCE)
    since = pl.lit(silent["recorded_at"].max(), dtype=ordered.schema["recorded_at"])
    foreign = (pl.col("recorded_at") < since) | (pl.col("recorded_at") > latest + SILENCE)
    last = before.filter(foreign).group_by(SERIES).agg(start=pl.col("record").max() + 1)
    return edge.join(last, on=SERIES, how="left").with_columns(pl.col("start").fill_null(-1))


def moves(ordered: pl.DataFrame, steps: pl.DataFrame) -> list[pl.DataFrame]:
    """Return, a step that corrects, the records from start up to boundary of each series, and their move.

    A fault moves nothing: the step that undoes it moves what was written since.
    """
    schema = {**{name: ordered.schema[name] for name in SERIES}, "from_record": pl.Int64()}
    floor = pl.DataFrame(schema=schema)
    moves: list[tuple[dict[str, Any], pl.DataFrame]] = []
    earlier: list[tuple[dict[str, Any], pl.DataFrame]] = []
    for step in steps.iter_rows(named=True):  # a handful of rows
        edge, fault = _boundaries(ordered, step, floor), step["amount"] < timedelta() and not step["corrects"]
        if fault:
            found: list[pl.DataFrame] = []
        elif step["fell_to"] is None:
            if step["amount"] > timedelta():
                edge = pl.concat([edge, _before_forward(ordered, step, edge)])
            found = _since_silence(ordered, step, edge, earlier)
        else:
            found = [stretch(ordered, step, edge, moves)]
            moves = [(other, _divided(other, move, step, found[0])) for other, move in moves]
        moves += [(step, move.with_columns(move=pl.lit(step["amount"]))) for move in found]
        earlier += [] if fault else [(step, edge)]
        floor = (
            pl.concat([floor, edge.rename({"boundary": "from_record"})])
            .group_by(SERIES)
            .agg(pl.col("from_record").max())
        )
    return [move for _, move in moves]


def _since_silence(
    ordered: pl.DataFrame,
    step: dict[str, Any],
    edge: pl.DataFrame,
    earlier: list[tuple[dict[str, Any], pl.DataFrame]],
) -> list[pl.DataFrame]:
    """Return the records, a series, that a step moves: since a long silence, or since the step it undoes."""
    if not step["corrects"]:
        return []
    undone = next((e for s, e in reversed(earlier) if s["old_at"] <= step["new_at"] < s["new_at"]), None)
    if undone is not None:
        return [edge.join(undone.rename({"boundary": "start"}), on=SERIES)]
    found = [_reach(ordered, step, edge)]
    if step["amount"] <= -UNNAMED_STEP:
        found.append(_without_fall(ordered, step, edge).select(found[0].columns))
    return found


def _divided(
    other: dict[str, Any], move: pl.DataFrame, step: dict[str, Any], since: pl.DataFrame
) -> pl.DataFrame:
    """Return what an earlier step moves, once a fall is known that a later step undoes.

    A step within the stretch moves what was written since the fall; one forward before it, nothing of that.
    """
    joined = move.join(since.select(*SERIES, fall="start"), on=SERIES, how="left", maintain_order="left")
    if within(other, step):
        joined = joined.with_columns(start=pl.max_horizontal("start", "fall"))
    elif other["amount"] > timedelta():
        joined = joined.with_columns(boundary=pl.min_horizontal("boundary", "fall"))
    return joined.drop("fall")
