"""A change of all that is one account's alone: its attempts moved, and those of everybody else did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.explanation.days.changes import change_of_part
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.groups.shared import RISEN, moved_in
from autopilot_analysis.groups import Group
from autopilot_analysis.tables.outcomes import ENDED

WHO = "user"
MOSTLY = 0.5
"""An account is asked about when more than this share of the failures of a change is its own."""


def of_one_account(whole: pl.DataFrame, units: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Return the changes of all, each that is of one account as a change of that account.

    A change is of an account when most of its failures are, clearly more than of others in the same days,
    and when everybody else moved by less than `RISEN` of what all moved. Where fewer than `SUPPORT` attempts
    of others lie on either side of the day nobody can tell, and it stays a change of all.

    Args:
        whole: Changes of all units, as `changes_in` returns them.
        units: All units, with `hit` and `started_at`.
        measure: What was judged.
    """
    if measure not in ENDED or WHO not in units.columns or whole.is_empty():
        return whole
    rows = [_of_one(row, units, measure) or row for row in whole.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=whole.schema)


def _of_one(row: Mapping[str, Any], units: pl.DataFrame, measure: str) -> dict[str, Any] | None:
    """Return a change as that of the account behind it; None where it is of all."""
    at, until = row["at"], row["until"]
    if row["before"] is None or row["before"] >= row["after"]:
        return None
    start = pl.col("started_at")
    within = (start >= at) & (start < until if until is not None else pl.lit(value=True))
    inside = units.filter(within)
    hits = inside.filter(pl.col("hit") > 0)
    known = hits[WHO].drop_nulls().value_counts().sort("count", WHO, descending=[True, False])
    if known.is_empty():
        return None
    who, k = known.row(0)
    if k < LEAST_HITS_OF_FEW or k <= MOSTLY * hits.height:
        return None
    mine = (pl.col(WHO) == who).fill_null(value=False)
    others = units.filter(~mine)
    if min(others.filter(within).height, others.filter(~within).height) < SUPPORT:
        return None
    n = inside.filter(mine).height
    surely = AgainstRest(k, n, hits.height - k, inside.height - n).chance < FALSE_DISCOVERY
    rest, whole = moved_in(others, within), moved_in(units, within)
    if not surely or rest is None or whole is None or rest >= RISEN * whole:
        return None
    return change_of_part(row, Group.of({WHO: who}), units.filter(mine), measure)
