"""Windows of days on which something may have moved: which there are, and how far each stands out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_DAYS = 3
"""A lasting change needs this many days on either side."""
SPELLS = (1, 2, 3, 4, 5, 6, 7, 9, 12, 16, 21, 28)
"""Days of a short-lived change that is looked for; its ends are then found to the day. A longer one is two
lasting changes."""


UNSETTLED = 0.583
"""Of days that are one after another, not of time without steps, a process is seen (Siegmund 1985)."""
LEAST_LEFT = 0.02
"""A step of which rhythm and trend leave less than this share cannot be told apart from them."""


Floats = NDArray[np.float64]


Days = NDArray[np.int64]


@dataclass(frozen=True)
class Window:
    """Days from `first` to before `end`, as numbers since 1970; a lasting one has no end."""

    first: int
    end: int | None
    log_p: float

    @property
    def lasting(self) -> bool:
        """Whether it goes on to the end."""
        return self.end is None


def windows_in(size: int, *, lasting: bool) -> tuple[Days, Days]:
    """Return where a change may begin and end in so many days: to the end, or after a few days.

    Args:
        size: How many days there are.
        lasting: Whether it lasts to the end.
    """
    if lasting:
        cuts = np.arange(LEAST_DAYS, size - LEAST_DAYS + 1)
        return cuts, np.full(cuts.size, size)
    lengths = [length for length in SPELLS if length <= size - 2 * LEAST_DAYS]
    starts = [np.arange(1, size - length) for length in lengths]
    ends = [each + length for each, length in zip(starts, lengths, strict=True)]
    nothing = np.zeros(0, dtype=np.int64)
    return np.concatenate([nothing, *starts]), np.concatenate([nothing, *ends])


def windows_near(first: int, end: int, size: int) -> tuple[Days, Days]:
    """Return the spells that begin and end near another one, within a third of its length.

    Args:
        first: The day on which the other one begins.
        end: The day before which it ends.
        size: How many days there are.
    """
    reach = (end - first) // 3
    starts, ends = np.meshgrid(
        np.arange(max(first - reach, 1), first + reach + 1),
        np.arange(end - reach, min(end + reach, size - 1) + 1),
    )
    return starts.ravel(), ends.ravel()


def anew(path: float, level: float, count: int) -> float:
    """Return how many independent looks nested windows are worth at a level (Siegmund 1985).

    Args:
        path: Sum of 1 minus the correlation of neighbours.
        level: In standard errors.
        count: How many windows there are.
    """
    if np.isinf(level):
        return 1.0
    steps = np.exp(-UNSETTLED * level * np.sqrt(2 * path / max(count, 1)))
    return 1.0 + float(path * level**2 * steps)


def standardised(
    design: Floats, prior: Floats, residual: Floats, weight: Floats, windows: tuple[Days, Days]
) -> tuple[Floats, float]:
    """Return for each window what it has beyond the design, in standard errors of independent attempts.

    And the path that neighbouring windows make: the sum of what each lacks of being the one before it.

    Args:
        design: What is known of the days, a column for each thing.
        prior: The precision of each column.
        residual: What each day has beyond the design.
        weight: Its variance.
        windows: Where each begins and ends.
    """
    starts, ends = windows

    def within(values: Floats) -> Floats:
        sums = np.concatenate([np.zeros((1, *values.shape[1:])), values.cumsum(axis=0)])
        difference: Floats = sums[ends] - sums[starts]
        return difference

    crossed = within(weight[:, None] * design)
    normal = design.T @ (weight[:, None] * design) + np.diag(prior)
    solved = np.linalg.solve(normal, crossed.T).T
    own = within(weight)
    left = own - np.einsum("ij,ij->i", crossed, solved)
    usable = left > LEAST_LEFT * own
    spread = np.sqrt(np.where(usable, left, 1.0))
    z: Floats = np.where(usable, within(residual) / spread, 0.0)
    shared = own[1:] - np.einsum("ij,ij->i", crossed[1:], solved[:-1])
    alike = np.where(usable[1:] & usable[:-1], shared / (spread[1:] * spread[:-1]), 1.0)
    return z, float((1 - np.clip(alike, 0, 1)).sum())
