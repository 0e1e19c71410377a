"""What all share: changes of the whole fleet that explain more than any group does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

import numpy as np
import polars as pl

from autopilot_analysis.fleet.explanation.days.dating import PRIOR
from autopilot_analysis.fleet.explanation.days.windows import Window
from autopilot_analysis.fleet.explanation.groups.judging import Found
from autopilot_analysis.fleet.explanation.groups.searching import PRICE

MATERIAL = 0.05
"""Beside a change of all a group is named when it explains at least this share of what the change does."""

RISEN = 1 / 3
"""A part that moved by less than this share of what all moved was spared."""

SPARED = 0.25
"""A change of which a larger share of all was spared is none of all: groups explain it."""


def of_all(changes: pl.DataFrame, found: Sequence[Found], units: pl.DataFrame) -> pl.DataFrame:
    """Return the changes that nearly all share, where one of them explains more than any group.

    What differs between groups by chance is small beside a day on which everything changed, however many
    units make it sure. A group that was hit alone explains more than the change that it makes among all: its
    own rate moved farther (the likelihood ratio is convex). Several groups that were hit spare the others.

    Args:
        changes: Of all units, as `changes_in` returns them.
        found: Groups, the best explanation first.
        units: All units, with `day` and `hit`.
    """
    shared = [not found or _spared(row, found, units) <= SPARED for row in changes.iter_rows(named=True)]
    kept = changes.filter(pl.Series(shared, dtype=pl.Boolean))
    most = max((each.gain for each in found), default=0.0)
    return kept if explained(kept, units) > most else kept.clear()


def material(found: Sequence[Found], changes: pl.DataFrame, units: pl.DataFrame) -> list[Found]:
    """Return the groups that explain enough to be named beside changes of all.

    Args:
        found: Groups.
        changes: Of all; none: every group is named.
        units: All units.
    """
    least = MATERIAL * explained(changes, units)
    return [each for each in found if each.gain >= least]


def explained(changes: pl.DataFrame, units: pl.DataFrame) -> float:
    """Return how much likelier hits are with the change that explains most than without any, as a logarithm.

    Args:
        changes: Of all.
        units: All units.
    """
    rows = changes.iter_rows(named=True)
    return max((_gain(units, _window(row)) - _price(row) for row in rows), default=0.0)


def windows_of_all(changes: pl.DataFrame) -> list[Window]:
    """Return the days of changes of all; those of hours within a day part no days.

    Args:
        changes: Of all, as `of_all` returns them.
    """
    of_days = changes.filter(
        pl.col(name).is_null() | (pl.col(name).dt.time() == time()) for name in ("at", "until")
    )
    days = of_days.select(pl.col("at", "until").dt.date().to_physical().cast(pl.Int64))
    return [Window(first, end, 0.0) for first, end in days.iter_rows()]


def _price(row: dict[str, Any]) -> float:
    """Return what hours that were chosen within a day must earn."""
    ends = [row[name] for name in ("at", "until") if row[name] is not None]
    return PRICE * float(sum(end.time() != time() for end in ends))


def _window(row: dict[str, Any]) -> pl.Expr:
    """Return which units began at the new level."""
    start, (at, until) = pl.col("started_at"), (row["at"], row["until"])
    return start.ge(at) & (start < until if until is not None else pl.lit(value=True))


def _sides(units: pl.DataFrame, window: pl.Expr) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return units and hits outside a window, and inside it."""
    counted = [units.filter(part).select(pl.len(), pl.col("hit").sum()).row(0) for part in (~window, window)]
    return counted[0], counted[1]


def _gain(units: pl.DataFrame, window: pl.Expr) -> float:
    """Return how much likelier the hits of the worse side are at its own level than at that of the other."""
    sides = [(n, k, (k + PRIOR) / (n + 2 * PRIOR)) for n, k in _sides(units, window)]
    (*_, usual), (n, k, share) = sorted(sides, key=lambda side: side[2])
    return float(k * np.log(share / usual) + (n - k) * np.log((1 - share) / (1 - usual)))


def moved_in(units: pl.DataFrame, window: pl.Expr) -> float | None:
    """Return by how much the share of hits is higher inside a window; None where one side has no unit.

    Args:
        units: With `hit`.
        window: Which of them are inside.
    """
    (n, k), (inside_n, inside_k) = _sides(units, window)
    return inside_k / inside_n - k / n if n and inside_n else None


def _spared(row: dict[str, Any], found: Sequence[Found], units: pl.DataFrame) -> float:
    """Return the share of units whose part - a group, or what all groups leave - did not move with all."""
    window, left, spared = _window(row), units, 0
    all_moved = moved_in(units, window) or 0.0
    for part in (*(each.where.filter() for each in found), pl.lit(value=True)):
        own, left = left.filter(part), left.filter(~part)
        moved = moved_in(own, window)
        if moved is not None and moved * np.sign(all_moved) < RISEN * abs(all_moved):
            spared += own.height
    return spared / max(units.height, 1)
