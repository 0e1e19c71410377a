"""Lines on what failed in a fleet: the most frequent, the newest, the items, the time that went."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Line
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.answer.stand_outs import (
    MOST,
    apart_from_days,
    moved_days,
    standing_groups,
)
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.failures.cause_lines import hit_by
from autopilot_analysis.fleet.explanation.failures.failure_kinds import (
    failed_of,
    kinds_of,
    named,
    of_kind,
    with_meaning,
)
from autopilot_analysis.fleet.explanation.failures.later_success import still_failed
from autopilot_analysis.fleet.explanation.failures.one_behind import counted_of, ended_of
from autopilot_analysis.fleet.explanation.failures.service_failures import prove_failure
from autopilot_analysis.fleet.explanation.fleet_findings import (
    NOT_WHY,
    first_hit,
    in_words,
    items_in_words,
    name_of,
    place_of,
)
from autopilot_analysis.tables.fleet import CAPTURE

TELLS_END = "the service tells how it ended"
MOST_FAILURES = 5
"""Failures told one by one where no group stands out and no capture proves a cause, the newest first."""


NOTHING_OPEN = "Nothing has to be done: each device that failed has succeeded since."
HANDFUL = 5
"""A kind of fewer failures is a handful of devices: in a fleet that was compared it is told last."""
HALF = 0.5
"""Beside something that stands out a kind of failure is told first only where it is this part of all."""


def chief_kinds(rows: pl.DataFrame, *, found: bool, compared: bool) -> list[str]:
    """Return what the kinds of failure are called that are told before what to do, with what mends them.

    Args:
        rows: Deployments.
        found: Whether something stands out, so that others are told behind it.
        compared: Whether there were enough to compare; of few each failure counts.
    """
    kinds = kinds_of(counted_of(rows)).head(MOST).to_dicts()
    if not compared:
        return [named(one) for one in kinds]
    often = (one for one in kinds if one["k"] >= HANDFUL)
    return [named(one) for one in often if not found or one["share"] >= HALF]


def tell_row(kinds: list[dict[str, Any]], fleet: Fleet) -> Iterator[Line]:
    """Return the row of the service that proves the newest failure of the first kind told.

    Args:
        kinds: Rows of `kinds_of`, or none.
        fleet: What `load_deployments` returned.
    """
    if kinds:
        yield from prove_failure(of_kind(fleet.deployments, kinds[0]), fleet)


def prove_differences(explained: dict[str, Explanation], rows: pl.DataFrame) -> Iterator[Line]:
    """Return the first attempt that failed, or took longest, in each group and from each day that stands out.

    Args:
        explained: Answer of `explain` for each outcome.
        rows: Deployments; those of an older dataset do not say where they stand.
    """
    standing = (*apart_from_days(explained), *moved_days(explained))
    firsts = [
        (outcome, row)
        for outcome, one in standing
        for row in first_hit(rows, one, outcome).head(1).iter_rows(named=True)
    ]
    once = {row["deployment"]: (outcome, row) for outcome, row in reversed(firsts) if place_of(row)}
    for outcome, row in list(reversed(once.values()))[:MOST]:
        text = in_words(row) if outcome == "failed" else f"{name_of(row)} took {wording.span(row['total'])}."
        yield Line(text, "proof", place_of(row))


def tell_frequent(
    fleet: Fleet,
    causes: list[dict[str, Any]],
    own: Sequence[Mapping[str, Any]] = (),
    chief: Container[str] | None = None,
) -> Iterator[Line]:
    """Return on how many devices captures prove which cause; without captures, what fails most.

    Args:
        fleet: What `load_deployments` returned.
        causes: The first cause that captures prove, or none.
        own: Kinds of failure that belong to a group or a day and are told with it.
        chief: What those are called that are told here; None: all.
    """
    yield from (Line(hit_by(fleet, one)) for one in causes)
    yield from (line for name, line in _frequent(fleet, causes, own) if chief is None or name in chief)


def tell_lesser(
    fleet: Fleet,
    causes: list[dict[str, Any]],
    own: Sequence[Mapping[str, Any]],
    chief: Container[str],
) -> Iterator[Line]:
    """Return the kinds of failure that are not told first and are more than a handful.

    Args:
        fleet: What `load_deployments` returned.
        causes: The first cause that captures prove, or none.
        own: Kinds of failure that belong to a group or a day and are told with it.
        chief: What those are called that are told first.
    """
    often = kinds_of(counted_of(fleet.deployments)).filter(pl.col("k") >= HANDFUL)
    known = {named(one) for one in often.head(MOST).to_dicts()}
    yield from (line for name, line in _frequent(fleet, causes, own) if name in known and name not in chief)


def _frequent(
    fleet: Fleet, causes: list[dict[str, Any]], own: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Line]]:
    counted = counted_of(fleet.deployments)
    failures, shown = kinds_of(counted), {named(one) for one in own}
    noun = "failures" if counted.height == fleet.deployments.height else "first attempts that failed"
    several = failures.height and failures["n"][0] > 1  # one failure is told by itself
    for one in failures.head(MOST).iter_rows(named=True) if several and not causes else ():
        if named(one) in shown:
            continue
        on = f"on {wording.count(one['devices'], 'device')}"
        share = wording.share(one["k"], one["n"], one["low"], one["high"])
        stage = wording.heading(one["failed_stage"] or "stage unknown")
        yield named(one), Line(f"{stage}, {with_meaning(one)}: {share} {noun}, {on}.")


def tell_newest(
    rows: pl.DataFrame, explained: dict[str, Explanation], causes: list[dict[str, Any]]
) -> Iterator[Line]:
    """Return the newest failures one by one, where no group, no day and no capture explains any.

    Those after which the device succeeded are not among them.

    Args:
        rows: Deployments.
        explained: Answer of `explain` for each outcome.
        causes: The first cause that captures prove, or none.
    """
    if causes or any(True for _ in (*standing_groups(explained), *moved_days(explained))):
        return
    failed = still_failed(failed_of(counted_of(rows)), rows)
    yield from (Line(in_words(row)) for row in failed.head(MOST_FAILURES).iter_rows(named=True))
    if (left := failed.height - MOST_FAILURES) > 0:
        yield Line(f"And {wording.count(left, 'older failure')}.")


def tell_items(fleet: Fleet, causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return which items failed in what failed, where a report names them and no capture proves a cause.

    Args:
        fleet: What `load_deployments` returned.
        causes: The first cause that captures prove, or none.
    """
    failed = failed_of(fleet.deployments)
    named = [] if causes else items_in_words(failed, fleet.item_statuses)
    if named:
        where = "it" if failed.height == 1 else "these deployments"
        yield Line(f"Failed in {where}: {', '.join(named[:MOST_FAILURES])}.")


def tell_lost(explained: dict[str, Explanation], rows: pl.DataFrame) -> Iterator[Line]:
    """Return how long what failed took, where no group stands out.

    Args:
        explained: Answer of `explain` for each outcome.
        rows: Deployments.
    """
    spent = [one for one in failed_of(rows)["total"] if one is not None]
    if spent and not any(True for _ in standing_groups(explained)):
        whole = wording.span(sum(spent, timedelta()))
        yield Line(f"{wording.count(len(spent), 'failed attempt')} took {whole} in all.")


def tell_device(causes: list[dict[str, Any]], fleet: Fleet, chief: Container[str] | None = None) -> str:
    """Return which device to look at, where no group stands out.

    Args:
        causes: The first cause that captures prove, or none.
        fleet: What `load_deployments` returned.
        chief: What the kinds of failure are called that are told first; None: all.
    """
    rows = fleet.deployments
    rows = counted_of(rows)
    failed = kinds_of(rows).head(1).to_dicts()
    if causes:
        return f"Open {causes[0]['device']} in {wording.OF_A_DEVICE}: it shows this."
    if failed:
        alike = of_kind(rows, failed[0])
        open_ = still_failed(alike, fleet.deployments)
        rare = failed[0]["n"] == 1 or (chief is not None and named(failed[0]) not in chief)
        if rare and still_failed(failed_of(rows), fleet.deployments).is_empty():
            return NOTHING_OPEN
        newest = name_of((open_ if open_.height else alike).row(0, named=True))
        if chief is not None and named(failed[0]) not in chief:
            last = name_of(failed_of(rows).row(0, named=True))
            return f"{wording.COLLECT_FROM} the device that failed last, {last}: {NOT_WHY}."
        if failed[0]["n"] == 1:
            return f"{wording.COLLECT_FROM} {newest}: {TELLS_END}, not what led to it."
        bare = not (failed[0]["code"] or failed[0]["reason"])
        where = f", in {wording.words(failed[0]['failed_stage'] or 'no known stage')}" if bare else ""
        why = "." if items_in_words(failed_of(rows), fleet.item_statuses) else f": {NOT_WHY}."
        device = f"a device that failed with {named(failed[0])}{where} (the newest of these is {newest})"
        return f"{wording.COLLECT_FROM} {device}{why}"
    if ended_of(rows).is_empty():
        first = rows.row(0, named=True)
        if str(first["origin"]) == CAPTURE:
            return f"Open {name_of(first)} in {wording.OF_A_DEVICE}: it shows how far the attempt came."
        return f"{wording.COLLECT_FROM} {name_of(first)}: a report does not say how far the attempt came."
    return wording.NO_REMEDY
