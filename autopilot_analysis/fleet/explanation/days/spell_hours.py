"""The hours of a spell that days can only bound: an outage of some hours is no day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis.fleet.explanation.days.hours import (
    DAY,
    LEAST_WITHIN,
    Stretch,
    find_stretches,
)
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.groups import Group
from autopilot_analysis.tables.outcomes import ENDED

LONGEST = timedelta(days=2)
"""A longer spell is one of days."""


def in_hours(changes: pl.DataFrame, units: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Return changes, the ends of a short spell moved to the hours in which attempts failed.

    Only where one run of hours, and no other, stands out of its days and the days beside them, and leaves
    other hours of these days.

    Args:
        changes: As `changes_in` returns them.
        units: Judged units with `day`, `started_at` and `value`.
        measure: What was judged; spans of time stay as they are.
    """
    if measure not in ENDED or "started_at" not in units.columns:
        return changes
    rows = [_in_hours(row, units, measure) for row in changes.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=changes.schema)


def _in_hours(row: Mapping[str, Any], units: pl.DataFrame, measure: str) -> Mapping[str, Any]:
    at, until = row["at"], row["until"]
    if until is None or at is None or until - at > LONGEST or until - at < DAY:
        return row
    near = units.filter(Group.parse(row["where"]).filter(), _between(at - DAY, until + DAY))
    stretches = joined(find_stretches(near, measure))
    if len(stretches) != 1 or not _within(stretches[0], at, until):
        return row
    (stretch,) = stretches
    inside = near.filter(stretch.holds())["value"]
    if near.filter(_between(at, until)).height - inside.len() < LEAST_WITHIN:
        return row
    counted = pl.DataFrame({"k": [float(inside.sum())], "n": [inside.len()]})
    low, high = counted.select(share_columns()).select("low", "high").row(0)
    own = dict.fromkeys(("at", "at_low", "at_high"), stretch.at) | {"until": stretch.until}
    return {
        **row,
        **own,
        "after": inside.mean(),
        "n_after": inside.len(),
        "after_low": low,
        "after_high": high,
    }


def joined(stretches: list[Stretch]) -> list[Stretch]:
    """Return stretches in order of time, those made one of which one begins where the other ends.

    Args:
        stretches: As `find_stretches` returns them.
    """
    ordered = sorted(stretches, key=lambda each: each.at.timestamp() if each.at else 0.0)
    found: list[Stretch] = []
    for each in ordered:
        if found and found[-1].until is not None and found[-1].until == each.at:
            found[-1] = Stretch(found[-1].at, each.until, min(found[-1].log_p, each.log_p))
        else:
            found.append(each)
    return found


def _between(first: Any, last: Any) -> pl.Expr:
    return pl.col("started_at").is_between(first, last, closed="left")


def _within(stretch: Stretch, at: Any, until: Any) -> bool:
    """Tell whether a stretch has both ends and lies within a spell of days."""
    return (
        stretch.at is not None and stretch.until is not None and at <= stretch.at and stretch.until <= until
    )
