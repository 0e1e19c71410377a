"""One share against that of all others: k of n here, rest_k of rest_n elsewhere."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from autopilot_analysis.fleet.chances import at_least
from autopilot_analysis.fleet.intervals import ratio_interval, share_columns


class AgainstRest(NamedTuple):
    """What was counted in a group and outside it.

    Attributes:
        k: Hits in the group.
        n: All that is in the group.
        rest_k: Hits outside.
        rest_n: All that is outside.
    """

    k: int
    n: int
    rest_k: int
    rest_n: int

    @property
    def chance(self) -> float:
        """How often chance puts as many of the hits into the group (Fisher's exact test, one-sided)."""
        return at_least(self.k, self.n + self.rest_n, self.k + self.rest_k, self.n)

    @property
    def lift(self) -> dict[str, float]:
        """How many times as often hits are in the group, with its interval: three columns of a contrast."""
        parts = ratio_interval(*(np.array([float(number)]) for number in self))
        return {name: float(part[0]) for name, part in zip(LIFT, parts, strict=True)}

    def contrast(self, where: str, q: float, conditions: int = 1) -> pl.DataFrame:
        """Return the row of contrasts that this is.

        Args:
            where: The group as JSON.
            q: How often chance shows as much, with every comparison that was made.
            conditions: How many columns the group names.
        """
        own = pl.DataFrame({"where": [where], "conditions": conditions, "n": self.n, "k": self.k})
        rest_share = self.rest_k / self.rest_n if self.rest_n else None
        rest = {"rest_n": self.rest_n, "rest_k": self.rest_k, "rest_share": rest_share}
        return own.with_columns(*share_columns(), **rest, **self.lift, q=pl.lit(q))


LIFT = ("lift", "lift_low", "lift_high")
"""The columns of a contrast that hold how many times as often, with its interval."""
