"""Groups too small for the whole search, in a fleet of any size: single values, compared by an exact test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from autopilot_analysis.fleet.chances import as_many, log_at_least, log_exactly
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT, Floats
from autopilot_analysis.fleet.explanation.groups.judging import BY_DAY, Found
from autopilot_analysis.fleet.explanation.groups.ordinary import DAY_PRIOR
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY, LEAST_LIFT, PRICE
from autopilot_analysis.groups import Group

LEAST_FLEET = 12
"""Fewer units than this are not compared."""

LEAST_OF_FEW, LEAST_HITS_OF_FEW = 4, 4
"""A value with fewer units or with fewer others is not looked at; one with fewer hits is not named."""

STRETCH = "stretch"
"""A column that parts the units of one day, where hours are known that were worse for all."""


@dataclass(frozen=True)
class _Value:
    """One value of one attribute, its units and its hits."""

    where: Group
    n: int
    k: int


def find_in_few(rows: pl.DataFrame, names: list[str]) -> Found | None:
    """Return the value of one attribute that stands out most among those too small for the whole search.

    Looked at is each value that holds, or leaves to the others, fewer than `SUPPORT` units: in a fleet of
    less than twice as many that is every value. Each is compared with all others by Fisher's exact test; its
    chance counts every value that was looked at (Bonferroni), so that any one is named in less than one
    healthy fleet of a hundred. Against the others of the same days it must differ as well.

    Args:
        rows: Units with `hit` (1 or 0), and perhaps `day` and `stretch`.
        names: Columns that name groups.
    """
    n, k = rows.height, int(rows["hit"].sum())
    if n < LEAST_FLEET or k < LEAST_HITS_OF_FEW:
        return None
    values = list(_values(rows, names))
    chances = _chances(values, n, k)
    for place in np.argsort(chances, kind="stable"):
        if chances[place] >= np.log(FALSE_DISCOVERY):
            return None
        if _holds_by_day(rows, values[place].where):
            gain = _gain(values[place], n, k)
            return Found(values[place].where, None, None, float(chances[place]), gain - PRICE)
    return None


def _chances(values: list[_Value], n: int, k: int) -> Floats:
    """Return the logarithm of the chance of each value, all that were looked at counted.

    The chance of exactly so many hits is less work than that of so many or more, and no larger: where it
    alone is too large it stands for both.
    """
    sizes, hits = (np.array([getattr(each, part) for each in values], dtype=float) for part in ("n", "k"))
    looked = float(np.log(max(len(values), 1)))
    chances: Floats = log_exactly(hits, n, k, sizes) + looked
    chances[hits < LEAST_HITS_OF_FEW] = 0.0
    for place in np.flatnonzero(chances < np.log(FALSE_DISCOVERY)):
        chances[place] = log_at_least(hits[place], n, k, sizes[place]) + looked
    return chances


def _values(rows: pl.DataFrame, names: list[str]) -> Iterator[_Value]:
    """Yield each value that is too small for the whole search and large enough for this one."""
    for name in names:
        counted = rows.drop_nulls(name).group_by(name, maintain_order=True).agg(pl.len(), pl.col("hit").sum())
        smaller = pl.min_horizontal("len", rows.height - pl.col("len"))
        small = counted.filter(smaller.is_between(LEAST_OF_FEW, SUPPORT - 1))
        for value, size, hits in small.with_columns(pl.col(name).cast(pl.String)).sort(name).iter_rows():
            yield _Value(Group.of({name: value}), size, int(hits))


def _gain(value: _Value, n: int, k: int) -> float:
    """Return how much likelier the hits of a value are at its own share than at that of the others."""
    usual = (k - value.k + 0.5) / (n - value.n + 1.0)
    counts = ((value.k, usual), (value.n - value.k, 1.0 - usual))
    return float(sum(count * np.log(count / value.n / share) for count, share in counts if count))


def _holds_by_day(rows: pl.DataFrame, where: Group) -> bool:
    """Tell whether a value also differs from the others when each day is compared by itself.

    A value that came on the very day of an outage only shares it. The others of a day are steadied by a few
    attempts at the share of all others.
    """
    days = [name for name in ("day", STRETCH) if name in rows.columns]
    if not days:
        return True
    inside = rows.select(*days, "hit", inside=where.filter().fill_null(value=False))
    own, others = pl.col("inside"), ~pl.col("inside")
    hit = pl.col("hit").cast(pl.Float64)
    counted = inside.group_by(days).agg(
        own.sum().cast(pl.Float64).alias("n"),
        hit.filter(own).sum().alias("k"),
        others.sum().cast(pl.Float64).alias("rest_n"),
        hit.filter(others).sum().alias("rest_k"),
    )
    n, k, rest_n, rest_k = (counted[name].to_numpy() for name in ("n", "k", "rest_n", "rest_k"))
    usual: Floats = (rest_k + DAY_PRIOR * rest_k.sum() / rest_n.sum()) / (rest_n + DAY_PRIOR)
    expected = float((n * usual).sum())
    return bool(k.sum() > LEAST_LIFT * expected and as_many(k.sum(), expected) < BY_DAY)


def least_rise(n: int, rest: float, values: int) -> float | None:
    """Return the least difference in share by which a sixth of so few units would have stood out.

    Args:
        n: How many units there are.
        rest: The share of hits among the others.
        values: How many values are looked at.
    """
    size = max(LEAST_OF_FEW, round(n / 6))
    others = round(rest * (n - size))
    for hits in range(LEAST_HITS_OF_FEW, size + 1):
        log_p = log_at_least(hits, n, others + hits, size) + np.log(max(values, 1))
        if log_p < np.log(FALSE_DISCOVERY):
            return max(hits / size - rest, 0.0)
    return None
