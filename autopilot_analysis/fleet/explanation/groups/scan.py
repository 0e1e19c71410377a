"""Group and day together: which group has more hits than others of the same days, always or since when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from autopilot_analysis.fleet.explanation.days.windows import Window
from autopilot_analysis.fleet.explanation.groups.cells import count_cells
from autopilot_analysis.fleet.explanation.groups.counting import LEAST_HITS, MOST_FOUND, SUPPORT
from autopilot_analysis.fleet.explanation.groups.few import LEAST_FLEET, find_in_few
from autopilot_analysis.fleet.explanation.groups.judging import Found, judge
from autopilot_analysis.fleet.explanation.groups.levels import kind_of, kinds_of
from autopilot_analysis.fleet.explanation.groups.scoring import score_groups
from autopilot_analysis.fleet.explanation.groups.windows import Search, windows_of


def find_groups(
    rows: pl.DataFrame, names: list[str], *, depth: int = 2, known: Sequence[Window] = ()
) -> list[Found]:
    """Return the groups that stand out, the one that explains most first.

    Every value and every combination of values is compared with the other attempts of the same days: over the
    whole time, from each day on, until each day, and over spells. What all share - a season, a trend, a day
    that changed everything - cancels. After each group its attempts are taken away and the rest is looked at
    again, so that a group is named only for what the groups before it leave unexplained. Single values that
    are too small for this, as all are of a small fleet, are compared by an exact test.

    Args:
        rows: Units with `day` (null: unknown) and `hit` (1 or 0).
        names: Columns that name groups.
        depth: Most conditions.
        known: Changes that all share: a group is named beside one where it changed more than the others did.
    """
    found: list[Found] = []
    while len(found) < MOST_FOUND and rows.height >= LEAST_FLEET:
        large = _best(rows, names, depth, known) if rows.height >= 2 * SUPPORT else None
        both = [each for each in (large, find_in_few(rows, names)) if each is not None]
        if not both:
            break
        found.append(max(both, key=lambda each: each.score))
        rows = rows.filter(~found[-1].where.filter())
    return sorted(found, key=lambda each: -each.score)


def _best(rows: pl.DataFrame, names: list[str], depth: int, known: Sequence[Window]) -> Found | None:
    """Return the best of the larger groups of what is left, None when chance explains it."""
    days = rows["day"].to_physical().to_numpy().astype(np.int64)
    start = int(days.min())
    places = days - start
    kinds = kinds_of(rows, places)
    n = np.bincount(places).astype(float)
    if not LEAST_HITS <= kinds[0].sum() < n.sum():
        return None
    hits = [np.bincount(places[kind], minlength=n.size).astype(float) for kind in kinds]
    daily = [kind_of(n, each, start, known) for each in hits]
    windows = [windows_of(n.size, kind.changed) for kind in daily]
    scored = [
        score_groups(cells, kind, n, daily, times)
        for cells in count_cells(rows, names, depth, places, kinds)
        if cells.values
        for kind in range(len(kinds))
        for times in windows[kind]
        if not kind or times.search is not Search.WHOLE
    ]
    return judge(scored, start, n, daily) if scored else None
