"""The times a group is looked at in: the whole, from or until a day, spells, and since all changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from autopilot_analysis.fleet.explanation.groups.cells import Floats, Ints
from autopilot_analysis.fleet.explanation.groups.searching import LEAST_LIFT, PRICE

LEAST_SPELL_LIFT = 2.0
SPELLS = (1, 2, 3, 5, 7)
"""Days of a spell."""


class Search(Enum):
    """The time a group is looked at in: all of it, from or until a day, a spell, or since all changed."""

    WHOLE = "whole"
    OPEN = "open"
    SPELL = "spell"
    CHANGED = "changed"


@dataclass(frozen=True)
class Times:
    """Windows from a day until another, and by how much more hits a group has in one to be looked at."""

    search: Search
    starts: Ints
    ends: Ints
    lift: float = LEAST_LIFT

    @property
    def price(self) -> float:
        """What days chosen for the group must earn; those between changes of all were not."""
        return PRICE if self.search in (Search.OPEN, Search.SPELL) else 0.0

    def of(self, daily: Floats) -> Floats:
        """Return what the days of each window hold together.

        Args:
            daily: A count for each day; of groups, a row for each.
        """
        sums = np.zeros((*daily.shape[:-1], daily.shape[-1] + 1))
        daily.cumsum(-1, out=sums[..., 1:])
        return sums.take(self.ends, -1) - sums.take(self.starts, -1)


def windows_of(size: int, changed: tuple[tuple[int, int], ...]) -> list[Times]:
    """Return the windows: the whole time, from and until each day, spells, and since all changed.

    Args:
        size: How many days there are.
        changed: First day, and day after the last, of each stretch that is worse for all.
    """
    cuts = np.arange(1, size)
    zero = np.zeros_like(cuts)
    starts = [np.arange(1, size - length) for length in SPELLS]
    ends = [each + length for each, length in zip(starts, SPELLS, strict=True)]
    times = [
        Times(Search.WHOLE, np.array([0]), np.array([size])),
        Times(Search.OPEN, np.concatenate([cuts, zero]), np.concatenate([np.full_like(cuts, size), cuts])),
        Times(Search.SPELL, np.concatenate(starts), np.concatenate(ends), LEAST_SPELL_LIFT),
        Times(Search.CHANGED, *np.array(changed, dtype=np.int64).reshape(-1, 2).T),
    ]
    return [each for each in times if each.starts.size]
