"""The best time of each group, and by how much likelier its hits are there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autopilot_analysis.fleet.explanation.days.dating import LEAST_CODE_HITS
from autopilot_analysis.fleet.explanation.groups.cells import Cells, Floats, Ints
from autopilot_analysis.fleet.explanation.groups.counting import LEAST_HITS, SUPPORT
from autopilot_analysis.fleet.explanation.groups.levels import LEVEL_PRIOR, Kind
from autopilot_analysis.fleet.explanation.groups.searching import PRICE
from autopilot_analysis.fleet.explanation.groups.windows import Search, Times

LEAST_WITHIN = 8
"""Least attempts of a group within a part of the time."""


@dataclass(frozen=True)
class Scored:
    """The best window of each group in one search for one kind of hit, and what its chance comes from."""

    cells: Cells
    hits: int
    search: Search
    score: Floats
    start: Ints
    end: Ints
    counts: Floats


def score_groups(cells: Cells, hits: int, n: Floats, daily: list[Kind], times: Times) -> Scored:
    """Find the best window of every group.

    Args:
        cells: Units and hits of groups named by the same attributes.
        hits: Which kind of hit.
        n: Units of each day.
        daily: What all have of each kind of hit.
        times: The windows.
    """
    least_hits = LEAST_CODE_HITS if hits else LEAST_HITS
    rows = np.flatnonzero(cells.k[hits].sum(-1) >= least_hits)  # no window holds more hits than all days do
    best = np.zeros(len(cells.values), dtype=np.int64)
    score, counts = np.full(best.size, -np.inf), np.zeros((6, best.size))
    if rows.size:
        whole = times.search is Search.WHOLE
        inside, around = _within(cells, hits, n, daily[hits], times, rows=rows, flat=not whole)
        gain = _gain(inside, around, times.lift, SUPPORT if whole else LEAST_WITHIN, least_hits)
        if hits and np.isfinite(gain).any():
            of_any_kind = _within(cells, 0, n, daily[0], times, rows=rows, flat=True)
            gain[~_lifted(*of_any_kind, times.lift)] = -np.inf
        place, own = gain.argmax(1), np.arange(rows.size)
        best[rows] = place
        counts[:, rows] = [*(each[own, place] for each in inside), *(each[place] for each in around)]
        score[rows] = gain[own, place] - PRICE * len(cells.names) - times.price
    return Scored(cells, hits, times.search, score, times.starts[best], times.ends[best], counts)


def _within(
    cells: Cells, hits: int, n: Floats, kind: Kind, times: Times, *, rows: Ints, flat: bool
) -> tuple[list[Floats], list[Floats]]:
    """Return units, hits and expected hits of groups, and of all, within each window."""
    level = kind.flat if flat else kind.near
    units = cells.n[rows]
    own, whole = (
        [times.of(each) for each in part]
        for part in ((units, cells.k[hits][rows], units * level), (n, kind.k, n * level))
    )
    return own, whole


def usual_hits(own: list[Floats], whole: list[Floats]) -> Floats:
    """Return the hits a group would have at the level of the others of the same days.

    Their level is steadied by attempts at the level of the whole time.

    Args:
        own: Units, hits and expected hits of the group.
        whole: The same of all.
    """
    n, k, expected = own
    prior = LEVEL_PRIOR * whole[2] / np.maximum(whole[0], 1.0)
    rest = (whole[1] - k + prior) / np.maximum(whole[2] - expected + prior, 1e-12)
    return np.minimum(expected * rest, 0.999 * n)


def _lifted(own: list[Floats], whole: list[Floats], lift: float) -> NDArray[np.bool_]:
    """Tell where a group has clearly more hits than the others."""
    lifted: NDArray[np.bool_] = own[1] > lift * usual_hits(own, whole)
    return lifted


def _gain(own: list[Floats], whole: list[Floats], lift: float, least: int, hits: int) -> Floats:
    """Return the log-likelihood a group's own share gains over that of the others of the same days."""
    usual = usual_hits(own, whole)
    good = (own[0] >= least) & (own[1] >= hits) & (own[1] > lift * usual)
    n, k, usual = own[0][good], own[1][good], usual[good]
    with np.errstate(divide="ignore", invalid="ignore"):
        likelier = k * np.log(k / usual) + np.where(k < n, (n - k) * np.log((n - k) / (n - usual)), 0.0)
    gain = np.full(good.shape, -np.inf)
    gain[good] = np.nan_to_num(likelier)
    return gain
