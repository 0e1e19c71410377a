"""Traces that count time with the processor's counter -> the device's corrected clock.

Such a trace knows the wall clock of its start only; spans inside it are exact, but sleep and every later
setting of the clock part it from the wall clock. Twins in the Shell-Core event log say by how much; without
them, the clock steps that event logs tell of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from autopilot_analysis.clock.provenance import ANCHORED, CORRECTED
from autopilot_analysis.readers.reading import Unread
from autopilot_analysis.readers.trace_log.header_rows import COUNTER_NAME, COUNTS, SECTION
from autopilot_analysis.readers.trace_log.twins import page_reports, pair_reports, reports_of


def counted_members(properties: pl.DataFrame) -> list[str]:
    """Return the traces whose times come from a counter.

    Args:
        properties: Rows of `properties` of one capture.
    """
    counter = (pl.col("section") == SECTION) & (pl.col("name") == COUNTS) & (pl.col("value") == COUNTER_NAME)
    return properties.filter(counter)["member"].to_list()


def align(traced: pl.DataFrame, logged: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Return events of counting traces with `at` on the corrected clock, and `clock` saying how.

    Args:
        traced: Their rows of `events`.
        logged: All other events of the device, already on the corrected clock.
        steps: What `clock.find_steps` returned.
    """
    moves = _moves(traced, logged)
    anchored = (
        traced.with_row_index("place")
        .sort("record")
        .join_asof(moves.sort("record"), on="record", by="member", check_sortedness=False)
        .join(
            moves.group_by("member").agg(first=pl.col("move").sort_by("record").first()),
            on="member",
            how="left",
        )
        .with_columns(move=pl.coalesce("move", "first"))
        .sort("place")
    )
    by_step = pl.col("member").replace_strict(
        dict(_stepped(traced, steps)), default=None, return_dtype=pl.Duration("us")
    )
    named = traced.schema["clock"]
    clock = (
        pl.when(pl.col("at").is_null())
        .then("clock")
        .when(pl.col("move").is_not_null())
        .then(pl.lit(ANCHORED, named))
        .when(by_step.is_not_null())
        .then(pl.lit(CORRECTED, named))
        .otherwise("clock")
    )
    moved = pl.col("at") + pl.coalesce("move", by_step, pl.lit(timedelta()))
    return anchored.with_columns(at=moved, clock=clock).select(traced.columns)


def _moves(traced: pl.DataFrame, logged: pl.DataFrame) -> pl.DataFrame:
    """Return member, record and move for each report of a trace that has a twin with an instant."""
    ours, theirs = (page_reports(side) for side in (traced, logged))
    theirs = theirs.filter(~pl.col("traced"))
    pairs = pair_reports(reports_of(ours, "recorded_at"), reports_of(theirs))
    left, right = ours[[place for place, _ in pairs]], theirs[[place for _, place in pairs]]
    return (
        left.select("member", "record", "recorded_at")
        .with_columns(move=right["at"] - left["recorded_at"])
        .drop_nulls("move")
        .select("member", "record", "move")
    )


def _stepped(traced: pl.DataFrame, steps: pl.DataFrame) -> Iterator[tuple[str, timedelta]]:
    """Yield how far each trace must be moved that began, without doubt, before a step of the clock.

    Once a step has set its start right, a later step of a clock that fell again does not touch it.
    """
    starts = traced.group_by("member").agg(pl.col("recorded_at").min()).drop_nulls().sort("member")
    corrects = steps.filter("corrects").select("old_at", "new_at", "amount")
    for member, began in starts.iter_rows():
        placed = began
        for old_at, new_at, amount in corrects.iter_rows():
            placed += amount if placed < min(old_at, new_at) else timedelta()
        if placed != began:
            yield member, placed - began


def doubtful(traced: pl.DataFrame, steps: pl.DataFrame) -> Iterator[tuple[str, Unread]]:
    """Yield a gap for each trace of which nothing tells on which side of a clock step it began.

    Args:
        traced: What `align` returned.
        steps: What `clock.find_steps` returned.
    """
    spans = traced.filter(pl.col("clock") != ANCHORED).group_by("member")
    starts = spans.agg(began=pl.col("recorded_at").min()).drop_nulls().sort("member")
    for member, began in starts.iter_rows():
        for old_at, new_at, amount in steps.select("old_at", "new_at", "amount").iter_rows():
            if _between(began, old_at, new_at):
                reason = (
                    f"the clock was set by {amount} while this trace ran or before: its instants are unsure"
                )
                yield member, Unread(reason, advice="spans inside the trace are exact", whole=True)


def _between(instant: datetime, one: datetime, other: datetime) -> bool:
    return min(one, other) <= instant <= max(one, other)
