"""Groups of a fleet that is too small for the whole search: single values, compared by an exact test."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis.fleet.explanation.groups.judging import Found
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.groups import Group

LEAST_FLEET = 12
"""Fewer units than this are not compared."""

LEAST_OF_FEW, LEAST_HITS_OF_FEW = 4, 4
"""A value with fewer units, with fewer others, or with fewer hits, is not looked at."""


def find_in_few(rows: pl.DataFrame, names: list[str]) -> list[Found]:
    """Return the value of one attribute that stands out most, or nothing.

    Each value is compared with all others by Fisher's exact test; its chance counts every value that was
    looked at (Bonferroni), so that any one is named in less than one healthy fleet of a hundred.

    Args:
        rows: Units with `hit` (1 or 0).
        names: Columns that name groups.
    """
    import numpy as np
    from scipy.stats import hypergeom  # scipy stays out of start-up

    n, k = rows.height, int(rows["hit"].sum())
    if n < LEAST_FLEET:
        return []
    cells = list(_cells(rows, names))
    if not cells:
        return []
    chances = [float(hypergeom.logsf(hits - 1, n, k, size)) for _, size, hits in cells]
    place = int(np.argmin(chances))
    log_p = chances[place] + float(np.log(len(cells)))
    if log_p >= np.log(FALSE_DISCOVERY):
        return []
    return [Found(cells[place][0], None, None, log_p, -log_p)]


def _cells(rows: pl.DataFrame, names: list[str]) -> Iterator[tuple[Group, int, int]]:
    """Yield each value that can be compared, with its units and hits."""
    for name in names:
        counted = rows.drop_nulls(name).group_by(name, maintain_order=True).agg(pl.len(), pl.col("hit").sum())
        for value, size, hits in counted.sort(name).iter_rows():
            if LEAST_OF_FEW <= size <= rows.height - LEAST_OF_FEW and hits >= LEAST_HITS_OF_FEW:
                yield Group.of({name: str(value)}), size, int(hits)


def least_rise(n: int, rest: float, values: int) -> float | None:
    """Return the least difference in share by which a sixth of so few units would have stood out.

    Args:
        n: How many units there are.
        rest: The share of hits among the others.
        values: How many values are looked at.
    """
    import numpy as np
    from scipy.stats import hypergeom  # scipy stays out of start-up

    size = max(LEAST_OF_FEW, round(n / 6))
    others = round(rest * (n - size))
    for hits in range(LEAST_HITS_OF_FEW, size + 1):
        log_p = hypergeom.logsf(hits - 1, n, others + hits, size) + np.log(max(values, 1))
        if log_p < np.log(FALSE_DISCOVERY):
            return max(hits / size - rest, 0.0)
    return None
