"""What the pages of OOBE report, told twice: in a trace and in the Shell-Core event log.

Both tell the same names and values in the same order; process, thread and mostly activity differ. Twins are
therefore paired by sequence, from the newest back: the event log is the tail of the traces.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

import polars as pl

from autopilot_analysis.facts.page_reports import (
    LOG_PROVIDER,
    TRACE_PROVIDER,
    fields_logged,
    fields_traced,
    pressed,
    traced_as,
)

RUN = 4
"""So many reports in a row must agree, in time too, before two sequences are taken for the same."""
APART = 1_000_000
"""Microseconds by which the times between twins may differ inside such a run."""
_TRIES = 200
_SKIPPED = 16
"""So many reports may be missing between two pairs before a whole run is asked for again."""

Report = tuple[Hashable, int | None]
"""What one report says, and its instant in microseconds."""


def is_page_report() -> pl.Expr:
    """Whether an event is a report of a page, in a trace or in the event log."""
    traced = (pl.col("provider") == TRACE_PROVIDER) & pl.col("name").is_in(list(traced_as(ends=False)))
    log = pl.col("provider").str.to_lowercase() == LOG_PROVIDER.lower()
    return traced | (log & pl.col("event_id").is_in(list(fields_logged())))


def page_reports(events: pl.DataFrame) -> pl.DataFrame:
    """Return what pages report, from traces and event logs alike.

    Args:
        events: Rows of `events`, of one device.

    Returns:
        Columns member, record, recorded_at, at, clock, activity_id; report (the event log's id), name (of the
        page, its result or the report), value, traced, and pressed (a trace says that a person did it);
        traces first, each by record.
    """
    reports = events.filter(is_page_report())
    traced = pl.col("provider") == TRACE_PROVIDER
    began, ended = traced_as(ends=False), traced_as(ends=True)
    report = pl.when(pl.col("opcode") == 2).then(pl.col("name").replace_strict(ended))
    of_trace = reports.filter(traced).with_columns(
        report=report.otherwise(pl.col("name").replace_strict(began)),
        pressed=pl.col("name").is_in(pressed()),
        **_what(fields_traced()),
        traced=pl.lit(value=True),
    )
    of_log = reports.filter(~traced).with_columns(
        report=pl.col("event_id"),
        pressed=pl.lit(None, pl.Boolean),
        **_what(fields_logged().values()),
        traced=pl.lit(value=False),
    )
    columns = [
        "member",
        "record",
        "recorded_at",
        "at",
        "clock",
        "activity_id",
        "report",
        "name",
        "value",
        "traced",
        "pressed",
    ]
    sides = [side.select(columns).sort("member", "record") for side in (of_trace, of_log)]
    return pl.concat([side.with_columns(pl.col("report").cast(pl.Int64)) for side in sides])


def _what(fields: Iterable[list[str]]) -> dict[str, pl.Expr]:
    """Return name and value of a report, from whichever of its fields holds them."""
    given = list(fields)
    names, values = dict.fromkeys(of[0] for of in given), dict.fromkeys(of[1] for of in given if of[1:])
    return {what: pl.coalesce(*map(_field, of)) for what, of in (("name", names), ("value", values))}


def _field(name: str) -> pl.Expr:
    return pl.col("data").str.json_path_match(f"$.{name}")


def pair_reports(traced: Sequence[Report], logged: Sequence[Report]) -> list[tuple[int, int]]:
    """Return which report of the traces is which of the event log, oldest first.

    Args:
        traced: Of all traces of a device, in order.
        logged: Of its event log, in order.
    """
    run = min(RUN, len(traced), len(logged))
    if not run:
        return []
    ends = defaultdict(list)
    for place in range(run - 1, len(traced)):
        ends[_run(traced, place, run)].append(place)
    pairs: list[tuple[int, int]] = []
    left, right = len(traced) - 1, len(logged) - 1
    while True:
        met = _resume(traced, logged, left, right, pairs) or _meet(ends, traced, logged, left, right)
        if met is None:
            return pairs[::-1]
        left, right = met
        while left >= 0 and right >= 0 and traced[left][0] == logged[right][0]:
            pairs.append((left, right))
            left, right = left - 1, right - 1


def _resume(
    traced: Sequence[Report], logged: Sequence[Report], left: int, right: int, pairs: list[tuple[int, int]]
) -> tuple[int, int] | None:
    """Return the nearest places before these that agree as the last pair did: one side lost a few reports."""
    if not pairs:
        return None
    ours, theirs = traced[pairs[-1][0]][1], logged[pairs[-1][1]][1]
    for skipped in range(1, _SKIPPED + 1):
        for lost in range(min(skipped, left) + 1):
            one, other = left - lost, right - (skipped - lost)
            if one < 0 or other < 0 or traced[one][0] != logged[other][0]:
                continue
            if _near(ours, traced[one][1], theirs, logged[other][1]):
                return one, other
    return None


def _near(ours: int | None, our_next: int | None, theirs: int | None, their_next: int | None) -> bool:
    """Tell whether as much time passed on both sides; where an instant is missing, nothing tells."""
    if ours is None or our_next is None or theirs is None or their_next is None:
        return False
    return abs((ours - our_next) - (theirs - their_next)) <= APART


def _run(reports: Sequence[Report], end: int, length: int) -> tuple[Hashable, ...]:
    return tuple(report for report, _ in reports[end - length + 1 : end + 1])


def _meet(
    ends: dict[tuple[Hashable, ...], list[int]],
    traced: Sequence[Report],
    logged: Sequence[Report],
    left: int,
    right: int,
) -> tuple[int, int] | None:
    """Return the newest places, not behind these, at which both sequences tell the same run."""
    length = min(RUN, len(traced), len(logged))
    for place in range(right, length - 2, -1):
        candidates = ends.get(_run(logged, place, length), [])
        newest = bisect_right(candidates, left)
        for candidate in reversed(candidates[max(0, newest - _TRIES) : newest]):
            if _alike_in_time(traced, logged, candidate, place, length):
                return candidate, place
    return None


def _alike_in_time(
    traced: Sequence[Report], logged: Sequence[Report], left: int, right: int, length: int
) -> bool:
    """Tell whether the times between the reports of two runs agree."""
    apart = [
        ours - theirs
        for (_, ours), (_, theirs) in zip(
            traced[left - length + 1 : left + 1], logged[right - length + 1 : right + 1], strict=True
        )
        if ours is not None and theirs is not None
    ]
    return not apart or max(apart) - min(apart) <= APART


def reports_of(rows: pl.DataFrame, at: str = "at") -> list[Report]:
    """Return rows of `page_reports` as a sequence for `pair_reports`.

    Args:
        rows: In order.
        at: The column that dates them.
    """
    reported = rows.select("report", "name", "value").rows()
    return list(zip(reported, rows[at].dt.epoch("us").to_list(), strict=True))


def without_twins(events: pl.DataFrame) -> pl.DataFrame:
    """Return events without those of a trace that an event log, or another trace, tells as well.

    Only events of a manifest have such twins: they agree in provider, id, thread and microsecond.

    Args:
        events: Rows of `events`.
    """
    numbered = pl.col("channel").is_null() & pl.col("name").is_null() & pl.col("opcode").is_not_null()
    if not events.select(numbered.any()).item():
        return events
    same = ["device", "provider", "event_id", "thread_id", "recorded_at"]
    rows = events.with_row_index("place")
    logged = rows.filter(~numbered)
    traced = rows.filter(numbered).join(logged.select(same), on=same, how="anti")
    first = traced.unique([*same, "data"], keep="first", maintain_order=True)
    return pl.concat([logged, first]).sort("place").select(events.columns)
