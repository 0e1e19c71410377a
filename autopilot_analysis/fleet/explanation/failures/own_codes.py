"""Which codes belong to a group or a day: those its failures have clearly more often than all others do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.explanation.days.dating import LEAST_CODE_HITS, MOST_CODES
from autopilot_analysis.fleet.explanation.days.windows import SPELLS
from autopilot_analysis.fleet.explanation.failures.failure_kinds import SCENARIO, one_scenario
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.groups import Group
from autopilot_analysis.tables.completing import with_lacking

MOST_OWN = 2
"""Codes told of one group or day."""

INCIDENT = ("where", "at", "until")
"""What bounds an incident: a group, and the time in which it failed more."""

Incident = tuple[str, datetime | None, datetime | None]

OWN_CODES: dict[str, pl.DataType | type[pl.DataType]] = {
    "where": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "until": pl.Datetime("us", "UTC"),
    "failed_stage": pl.String,
    "code": pl.String,
    "reason": pl.String,
    SCENARIO: pl.String,
    "n": pl.Int64,
    "k": pl.Int64,
    "rest_n": pl.Int64,
    "rest_k": pl.Int64,
    "q": pl.Float64,
}
"""A code of an incident: k of the n failures inside it, `rest_k` of the `rest_n` outside."""


def own_codes(units: pl.DataFrame, contrasts: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return the codes that belong to each group and each day, those that tell most first.

    A code belongs to an incident when the failures inside have it more often than those outside by more than
    chance shows (Fisher's exact test, over all codes and incidents looked at). Where they have the same mix
    none belongs to it, and neither does one that all failures have. Days that were chosen with regard to
    codes, as those of a group are, count as many times as there were days to choose from.

    Args:
        units: Judged attempts, with `hit`, `started_at`, `failed_stage`, `code`, `reason` and, where it is
            known, `enrollment_type`.
        contrasts: Groups, with `where`, `at` and `until`.
        changes: Days, with the same columns.
    """
    given = with_lacking(units, {"enrollment_type": pl.String()})
    failed = given.filter(pl.col("hit") > 0).with_columns(kind=pl.coalesce("code", "reason"))
    rows_of = [*contrasts.iter_rows(named=True), *changes.iter_rows(named=True)]
    bounds = dict.fromkeys(incident_of(row) for row in rows_of)
    days = units["started_at"].dt.date().drop_nulls().n_unique()
    rows = [
        {**row, "q": row["q"] * _choices(days, *incident)}
        for incident in bounds
        for row in _of_one(failed, *incident)
    ]
    found = pl.DataFrame(rows, schema=OWN_CODES).with_columns(q=pl.col("q") * len(rows))
    rest = [one.name.prefix("rest_") for one in share_columns("rest_k", "rest_n")]
    sure = found.filter(pl.col("q") < FALSE_DISCOVERY).with_columns(*share_columns(), *rest)
    sure = sure.sort(pl.col("share") - pl.col("rest_share"), descending=True, maintain_order=True)
    return sure.filter(pl.int_range(pl.len()).over(INCIDENT) < MOST_OWN)


def _of_one(
    failed: pl.DataFrame, where: str, at: datetime | None, until: datetime | None
) -> Iterator[dict[str, Any]]:
    """Yield each code of an incident with how often chance shows so many of it there."""
    within = within_incident(where, at, until)
    inside, outside = failed.filter(within), failed.filter(~within)
    if not inside.height or not outside.height:
        return
    often = inside["kind"].drop_nulls().value_counts(sort=True, name="hits")
    often = often.filter(pl.col("hits") >= LEAST_CODE_HITS).sort("hits", "kind", descending=[True, False])
    for kind, k in often.head(MOST_CODES).iter_rows():
        rest_k = outside.filter(kind=kind).height
        own = inside.filter(kind=kind)
        p = AgainstRest(k, inside.height, rest_k, outside.height).chance
        yield {
            "where": where,
            "at": at,
            "until": until,
            "failed_stage": own["failed_stage"].cast(pl.String).mode(maintain_order=True)[0],
            "code": own["code"][0],
            "reason": own["reason"][0],
            SCENARIO: one_scenario(own["enrollment_type"].cast(pl.String).unique()),
            "n": inside.height,
            "k": k,
            "rest_n": outside.height,
            "rest_k": rest_k,
            "q": p,
        }


def _choices(days: int, where: str, at: datetime | None, until: datetime | None) -> int:
    """Return from how many times those of an incident were chosen by the codes that failures had in them.

    A spell of all is found by its level alone.
    """
    bounds = (at is not None) + (until is not None)
    by_level = bounds == 0 or (until is not None and where == Group().to_json())
    return 1 if by_level else days * (1 if bounds == 1 else len(SPELLS))


def is_over(row: Mapping[str, Any]) -> bool:
    """Tell whether what was worse from the beginning ended on a day, and did not come back.

    Args:
        row: A group that differs, or a change of a level.
    """
    if "kind" in row:
        return bool(row["kind"] == "ended")
    return row["at"] is None and row["until"] is not None


def incident_of(row: Mapping[str, Any]) -> Incident:
    """Return the group and the time in which it was worse: of a level that fell the time before.

    Args:
        row: A group that differs, or a change of a level.
    """
    before, after = row.get("before"), row.get("after")
    if row["until"] is None and before is not None and after is not None and before > after:
        return row["where"], None, row["at"]
    return row["where"], row["at"], row["until"]


def within_incident(where: str, at: datetime | None, until: datetime | None) -> pl.Expr:
    """Return which attempts are those of a group in a time; what has no instant is in none that has a bound.

    Args:
        where: The group as JSON.
        at: From when on; None: from the beginning.
        until: Until when; None: to the end.
    """
    start, inside = pl.col("started_at"), Group.parse(where).filter()
    if at is not None:
        inside &= (start >= at).fill_null(value=False)
    if until is not None:
        inside &= (start < until).fill_null(value=False)
    return inside
