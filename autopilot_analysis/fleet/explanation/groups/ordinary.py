"""How much days, and values of an attribute, differ while nothing has happened: what a group must exceed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autopilot_analysis.fleet.explanation.groups.cells import Cells, Floats

ORDINARY_UP_TO = 0.25
"""Values that differ by more than this share of the usual are answers themselves, no ordinary difference."""

DAY_PRIOR = 3.0
"""Attempts at the usual level that steady the level of the others of one day."""

TRACE = 1e-12


@dataclass(frozen=True)
class ByDay:
    """Units, their hits, and the usual share of hits, day by day."""

    n: Floats
    k: Floats
    level: Floats

    def without(self, n: Floats, k: Floats) -> ByDay:
        """Return what is left without a group.

        Args:
            n: Units of the group by day.
            k: Their hits.
        """
        return ByDay(self.n - n, self.k - k, self.level)

    @property
    def variance(self) -> float:
        """How far days lie apart, beyond chance: the variance of the ratio of hits to usual ones."""
        expected = self.n * self.level
        beyond = (self.k - expected) ** 2 - expected * (1 - self.level)
        return max(float(beyond.sum()) / max(float((expected**2).sum()), TRACE), 0.0)

    def usual(self, own: Floats, days: slice, known: float) -> tuple[float, float]:
        """Return the hits a group would have at the levels of its days, and the variance of that number.

        Each day's level is that of the others on it, steadied by how alike their days are. Where days do not
        differ, the group would have as many as at the level of all its days together.

        Args:
            own: Units of the group by day.
            days: Those that count.
            known: Hits of the group at the level of all these days together.
        """
        apart = self.variance
        if not apart:
            return known, 0.0
        ratio = known / float(own[days] @ self.level[days])
        expected, others = (ratio * each[days] * self.level[days] for each in (own, self.n))
        hits, rate = self.k[days] + 1 / apart, others + 1 / apart
        return float((expected * hits / rate).sum()), float(((expected / rate) ** 2 * hits).sum())


def ordinary_variance(cells: Cells, place: int, hits: int, whole: ByDay) -> float:
    """Return the variance of the ratio of hits to usual ones, between values to which nothing happened.

    Sites, models, profiles never do exactly alike. How far the others of an attribute lie apart, beyond what
    independent units would, is what one of them may differ by: the fewer units, the less of it can be known,
    and none is assumed. They are compared on the days on which each came, without the value in question.

    Args:
        cells: Groups of one attribute.
        place: The value in question.
        hits: The kind of hit.
        whole: All units.
    """
    rest = whole.without(cells.n[place], cells.k[hits][place])
    level = (rest.k + DAY_PRIOR * rest.level) / (rest.n + DAY_PRIOR)
    others = np.arange(len(cells.values)) != place
    count, found = cells.n[others].sum(1), cells.k[hits][others].sum(1)
    usual = cells.n[others] @ level * (rest.k.sum() / max(float(rest.n @ level), TRACE))
    if not usual.any():
        return 0.0
    chance = usual * np.maximum(1 - usual / count, 0) * (1 - count / rest.n.sum())
    beyond = np.minimum(np.abs(found - usual), ORDINARY_UP_TO * usual) ** 2 - chance
    return max(float(beyond.sum() / (usual**2).sum()), 0.0)
