"""What the pages of OOBE report, each report once although a trace and an event log may both tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import merge
from typing import Any

import msgspec
import polars as pl
from msgspec.structs import replace

from autopilot_analysis.facts.page_reports import LOG_PROVIDER, event_of, fields_logged
from autopilot_analysis.readers.trace_log.twins import is_page_report, page_reports, pair_reports, reports_of

OPENED, BEGAN, ENDED = (event_of(report) for report in ("opened", "began", "ended"))
"""Kinds of reports: OOBE opened, a page began, a page ended."""


class Report(msgspec.Struct, frozen=True):
    """One report: that OOBE opened, that a page began or ended, or what it said meanwhile."""

    kind: int
    """The id that it has in the event log."""
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


def as_logged(events: pl.DataFrame) -> pl.DataFrame:
    """Return events, and what only traces hold of pages in the form in which the event log would have it.

    Args:
        events: Rows of `events`.
    """
    added = []
    for (device,), of_device in events.filter(is_page_report()).group_by("device", maintain_order=True):
        unlogged = [report for report in merged_reports(of_device) if report.member == report.trace]
        added.append(_shell_core(unlogged, str(device), events.schema))
    return pl.concat([events, *added])


def _shell_core(reports: list[Report], device: str, schema: pl.Schema) -> pl.DataFrame:
    """Return reports as events of Shell-Core, still cited by their trace."""
    columns = {
        "device": [device] * len(reports),
        "member": [report.member for report in reports],
        "record": [report.record for report in reports],
        "recorded_at": [report.elapsed for report in reports],
        "at": [report.at for report in reports],
        "clock": [report.clock for report in reports],
        "provider": [LOG_PROVIDER] * len(reports),
        "event_id": [report.kind for report in reports],
        "data": [_fields(report) for report in reports],
    }
    empty = pl.DataFrame(schema=schema)
    return pl.concat(
        [empty, pl.DataFrame(columns, schema={name: schema[name] for name in columns})], how="diagonal"
    )


def _fields(report: Report) -> str:
    fields = dict(zip(fields_logged()[report.kind], (report.name, report.value), strict=False))
    return str(msgspec.json.encode(fields), "utf-8")
