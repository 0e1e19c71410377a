"""How much more than independent attempts days and blocks of days vary while nothing changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BEYOND_BLOCK = 1.3
"""Days that hang together vary more over a whole stretch than their sum over one block shows: this much where
all that blocks vary by beyond chance comes from that, and not from days by themselves."""

PRIOR_BLOCKS, PRIOR_SPREAD = 10.0, 1.3
"""Where blocks are few, their spread is known as if so many more had shown this one."""

PRIOR_LEVEL = 0.05
"""Variance of the level of a block, on the logit or in normal scores: where a block holds so little that it
adds less than `PRIOR_SPREAD` says, the spread is smaller and better known."""

ROUNDS = 5
"""So often are days weighed anew by how well each shows what they vary by."""

LEAST_VARIANCE = 0.5
"""Blocks in which less is expected to happen show nothing of how much they vary."""

TRACE = 1e-6
Floats = NDArray[np.float64]


def beyond_block(ratio: float, residual: Floats, weight: Floats, columns: int) -> float:
    """Return how much more than independent attempts a stretch varies, from what blocks do.

    What days vary by themselves does not grow with the stretch; only what hangs together does.

    Args:
        ratio: Of blocks.
        residual: What each day has beyond what is expected.
        weight: Its variance, were attempts independent.
        columns: Of the design.
    """
    known = weight > LEAST_VARIANCE
    free = max(float(known.sum()) - columns, 1.0)
    daily = float((residual[known] ** 2 / weight[known]).sum()) / free
    together = float(np.clip((ratio - daily) / max(ratio - 1.0, TRACE), 0.0, 1.0))
    return 1.0 + (ratio - 1.0) * (1.0 + (BEYOND_BLOCK - 1.0) * together)


def in_blocks(values: Floats, block: int) -> Floats:
    """Return the sum of values over each so many days.

    Args:
        values: Of each day.
        block: Days.
    """
    sums: Floats = np.add.reduceat(values, np.arange(0, values.size, block))
    return sums


def dispersion(residual: Floats, weight: Floats, free: float) -> tuple[float, float]:
    """Return how many times as much as independent attempts a day of few varies, and how far days lie apart.

    Days have levels of their own: this variance shows on days that have many attempts. Attempts that come in
    like ones make days of few vary more as well. Both are fitted by least squares, days weighed by how well
    each shows them, so that the answer is the same however often all attempts are counted. Where days of few
    vary no more than independent attempts, only levels are left to tell; days that do not vary at all, as
    where every attempt took as long, weigh nothing by how much they do.

    Args:
        residual: What each day has beyond what is expected.
        weight: Its variance, were attempts independent.
        free: Share of the freedom that is left.
    """
    alone = 1.0, max(float((residual**2 - free * weight).sum() / (weight**2).sum()), 0.0)
    known = weight > TRACE
    if not known.any() or float((residual[known] ** 2).sum()) < TRACE:
        return alone
    squares, weight = residual[known] ** 2 / (free * weight[known]), weight[known]
    alike, apart = float(squares.mean()), 0.0
    for _ in range(ROUNDS):
        sure = 1.0 / (alike + apart * weight) ** 2
        n, w, w2 = (float((sure * weight**power).sum()) for power in (0, 1, 2))
        y, wy = float((sure * squares).sum()), float((sure * squares * weight).sum())
        determinant = n * w2 - w * w
        if determinant > TRACE * n * w2:
            alike, apart = (y * w2 - wy * w) / determinant, (wy * n - y * w) / determinant
        if apart < 0.0 or determinant <= TRACE * n * w2:
            alike, apart = y / n, 0.0
        if alike < 1.0:
            return alone
    return alike, apart


def prior_spread(variance: float) -> tuple[float, float]:
    """Return how much more than independent attempts blocks usually vary, and how many blocks that is worth.

    Only what levels add is uncertain: the less of it there is beside what independent attempts vary by, the
    more blocks it would take to know the sum as well.

    Args:
        variance: Of a block, were its attempts independent.
    """
    added = min(PRIOR_LEVEL * variance, PRIOR_SPREAD - 1.0)
    unsure = added / (1.0 + added) * PRIOR_SPREAD / (PRIOR_SPREAD - 1.0)
    return 1.0 + added, PRIOR_BLOCKS / unsure**2
