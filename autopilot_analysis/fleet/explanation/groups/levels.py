"""What all attempts have day by day, against which a group is held: kinds of hits and their usual share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.explanation.days.dating import LEAST_CODE_HITS, PRIOR, step_gain
from autopilot_analysis.fleet.explanation.days.series import FALSE_ALARM, ORDINARY, Series
from autopilot_analysis.fleet.explanation.days.windows import Window
from autopilot_analysis.fleet.explanation.groups.cells import Floats, Ints

LEVEL_DAYS = 15
"""Days around one that tell its level."""
LEVEL_PRIOR = 60.0
"""Attempts at the level of the whole time that steady the level of a day."""
LEAST_RHYTHM = 1 / ORDINARY**2
"""The same for days of the week, of hits, where hits are rare: these few show no rhythm."""
MOST_CODES = 8
"""So many codes, those that changed most with time among all, are also looked at by themselves."""


def kinds_of(rows: pl.DataFrame, places: Ints) -> list[NDArray[np.bool_]]:
    """Return which units are hits: all, and then those of each frequent code by itself.

    A new failure of one code stands out from the few others of that code sooner than from all failures. What
    took long has no code of its own: those of the failures among it tell nothing of it.

    Args:
        rows: Units with `day` and `hit`, and where failures are asked for `code`, `value` and `outcome`.
        places: The day of each, counted from the first.
    """
    hit = rows["hit"].to_numpy() > 0
    if "code" not in rows.columns or "value" not in rows.columns or not hit.any():
        return [hit]
    if not (rows["value"].to_numpy() == hit).all():
        return [hit]
    failed = rows.filter(pl.col("hit") > 0, pl.col("outcome").cast(pl.String) == "failed")
    often = failed["code"].drop_nulls().value_counts(sort=True, name="hits")
    often = often.filter(pl.col("hits") >= LEAST_CODE_HITS, pl.col("hits") < hit.sum()).sort(
        "hits", "code", descending=[True, False]
    )
    own = [hit & (rows["code"] == code).fill_null(value=False).to_numpy() for code in often["code"]]
    return [hit, *sorted(own, key=lambda kind: -step_gain(places, kind))[:MOST_CODES]]


@dataclass(frozen=True)
class Kind:
    """One kind of hit, day by day.

    Attributes:
        k: Hits of each day.
        flat: The share of hits expected: of the days between two changes of all, by the day of the week.
        near: The same, but of the days around each day.
        changed: First day, and day after the last, of each stretch between changes of all with more hits than
            usual.
    """

    k: Floats
    flat: Floats
    near: Floats
    changed: tuple[tuple[int, int], ...]


def kind_of(n: Floats, k: Floats, start: int, known: Sequence[Window] = ()) -> Kind:
    """Return what all have about each day; days on either side of a change of all are not mixed.

    Days are parted by what is sure alone: a level that one group raised hides the group.

    Args:
        n: Units of each day.
        k: Hits of each day.
        start: First day, as a number since 1970.
        known: Changes of all that are known.
    """
    series = Series(start, n, k, binary=True, cautious=True)
    stretch = np.zeros(n.size, dtype=np.int64)
    for place, window in enumerate([*known, *series.changes(known=known, alarm=FALSE_ALARM)]):
        stretch += series.step(window).astype(np.int64) << place
    flat, near = np.empty((2, n.size))
    around = np.ones(min(LEVEL_DAYS, n.size))
    for number in np.unique(stretch):
        own = stretch == number
        flat[own] = (k[own].sum() + PRIOR) / (n[own].sum() + 2 * PRIOR)
        close = [np.convolve(np.where(own, each, 0.0), around, mode="same")[: n.size] for each in (n, k)]
        near[own] = ((close[1] + LEVEL_PRIOR * flat) / (close[0] + LEVEL_PRIOR))[own]
    flat, near = (_with_rhythm(level, n, k, start) for level in (flat, near))
    return Kind(k, flat, near, tuple(_worse(stretch, n, k)))


def _worse(stretch: Ints, n: Floats, k: Floats) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each run of days between changes in which the share is above that of all."""
    cuts = np.flatnonzero(np.diff(stretch)) + 1
    for begin, end in pairwise([0, *cuts.tolist(), n.size]):
        if k[begin:end].sum() * n.sum() > k.sum() * n[begin:end].sum():
            yield begin, end


def _with_rhythm(level: Floats, n: Floats, k: Floats, start: int) -> Floats:
    """Return a level with the rhythm of the week."""
    week = (start + np.arange(n.size)) % 7
    expected, observed = (np.bincount(week, each, minlength=7) for each in (n * level, k))
    prior = max(LEVEL_PRIOR * k.sum() / n.sum(), LEAST_RHYTHM)
    rhythm = (observed + prior) / (expected + prior)
    clipped: Floats = np.clip(level * rhythm[week], 1e-7, 1 - 1e-6)
    return clipped
