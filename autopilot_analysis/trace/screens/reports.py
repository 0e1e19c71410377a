"""What the pages of OOBE report, each report once although a trace and an event log may both tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from typing import Any

import polars as pl

from autopilot_analysis.readers.trace_log.twins import page_reports, pair_reports, reports_of


@dataclass(frozen=True, slots=True)
class Report:
    """One report: that OOBE opened, that a page began or ended, or what it said meanwhile."""

    kind: int
    """The event log's id: 62400 OOBE opened, 62404 page began, 62405 ended, 62406 and 62407 said."""
    name: str
    value: str
    at: datetime | None
    clock: str
    member: str
    record: int
    trace: str | None = None
    """The trace that holds it, if any."""
    elapsed: datetime | None = None
    """Its time as that trace counts it: exact against other times of one trace."""
    pressed: bool = False


def merged_reports(events: pl.DataFrame) -> list[Report]:
    """Return the reports of one device in order; of twins the event log's place and time are kept.

    Args:
        events: Rows of `events`, of one device.
    """
    rows = page_reports(events)
    sides = [rows.filter("traced"), rows.filter(~pl.col("traced"))]
    traced, logged = ([_report(row) for row in side.iter_rows(named=True)] for side in sides)
    pairs = pair_reports(reports_of(sides[0], "recorded_at"), reports_of(sides[1]))
    return list(_in_turn(traced, logged, pairs))


def _report(row: dict[str, Any]) -> Report:
    traced = bool(row["traced"])
    return Report(
        kind=row["report"],
        name=row["name"] or "",
        value=row["value"] or "",
        at=row["at"],
        clock=row["clock"],
        member=row["member"],
        record=row["record"],
        trace=row["member"] if traced else None,
        elapsed=row["recorded_at"] if traced else None,
        pressed=bool(row["pressed"]),
    )


def _in_turn(traced: list[Report], logged: list[Report], pairs: list[tuple[int, int]]) -> Iterator[Report]:
    """Yield both sequences as one: pairs hold them together, between pairs time decides."""
    left = right = 0
    for ours, theirs in [*pairs, (len(traced), len(logged))]:
        yield from _by_time(traced[left:ours], logged[right:theirs])
        if ours < len(traced):
            yield _twin(traced[ours], logged[theirs])
        left, right = ours + 1, theirs + 1


def _by_time(one: Iterable[Report], other: Iterable[Report]) -> Iterator[Report]:
    return merge(one, other, key=lambda report: (report.at is not None, report.at))


def _twin(ours: Report, theirs: Report) -> Report:
    return replace(theirs, trace=ours.trace, elapsed=ours.elapsed, pressed=ours.pressed)
