"""Whether chance explains a group: counted over all groups, days and codes that were looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autopilot_analysis.fleet.chances import as_many, log_at_least, log_at_least_unsure, reach_of
from autopilot_analysis.fleet.explanation.days.windows import anew
from autopilot_analysis.fleet.explanation.groups.cells import Cells, Floats
from autopilot_analysis.fleet.explanation.groups.levels import LEVEL_PRIOR, Kind
from autopilot_analysis.fleet.explanation.groups.ordinary import DAY_PRIOR, ByDay, ordinary_variance
from autopilot_analysis.fleet.explanation.groups.scoring import LEAST_WITHIN, Scored, usual_hits
from autopilot_analysis.fleet.explanation.groups.searching import LEAST_LIFT, PARENT_REACHES, PRICE
from autopilot_analysis.fleet.explanation.groups.windows import SPELLS, Search
from autopilot_analysis.groups import Group

FALSE_ALARM = {
    "whole": 0.01,
    "changed": 0.03,
    "since": 0.01,
    "since, one code": 0.03,
    "until": 0.001,
    "spell": 0.003,
}
"""Chance of one false group among all, by the time it is found in: what goes on still may cost most.

These are upper bounds; of 288 healthy fleets 10 come below one of them. Who was hit when all changed is asked
only where all did, as few healthy fleets do.
"""
BY_DAY = 0.01
"""Chance up to which a group differs from the others when each day is compared by itself."""
BY_DAY_ALONE = 0.05
"""The same where only those who began on the same day are taken for the others."""
LEAST_LEFT = 1e-3
"""A usual share leaves at least so much, lest its variance be none."""
MOST_JUDGED = 40
"""So many groups, the likeliest, are tested before nothing is said."""


@dataclass(frozen=True)
class Found:
    """A group with more hits than the rest of the same days.

    Attributes:
        where: The group.
        first: First day of the time it was found in, as a number since 1970; None: the whole time.
        end: The day after its last; None: to the end.
        log_p: Logarithm of the chance of one like it anywhere, all groups and days looked at counted.
        score: How much likelier its hits are at its own share, minus the price of its conditions.
        given: Whether its days were known from a change of all, and cost nothing.
    """

    where: Group
    first: int | None
    end: int | None
    log_p: float
    score: float
    given: bool = False

    @property
    def gain(self) -> float:
        """How much likelier its hits are at its own share, nothing taken off."""
        within = not self.given and (self.first is not None or self.end is not None)
        return self.score + PRICE * (len(self.where) + within)


def judge(scored: list[Scored], start: int, n: Floats, daily: list[Kind]) -> Found | None:
    """Return the best group that chance does not explain, or a simpler one that comes near.

    Args:
        scored: Every group in every search.
        start: First day, as a number since 1970.
        n: Units of each day.
        daily: What all have of each kind of hit.
    """
    ranked = [
        (float(score), number, place)
        for number, each in enumerate(scored)
        for place, score in enumerate(each.score)
        if score > 0
    ]
    for _, number, place in sorted(ranked, key=lambda each: (-each[0], each[1:]))[:MOST_JUDGED]:
        best, row = _simplest(scored, scored[number], place)
        log_p = _anywhere(scored, best, row, n, daily)
        if log_p < np.log(_alarm(best, row, n.size)) and _holds_by_day(best, row, n, daily[best.hits]):
            first, end = int(best.start[row]), int(best.end[row])
            return Found(
                Group.of(dict(zip(best.cells.names, best.cells.values[row], strict=True))),
                None if best.search is Search.WHOLE else start + first,
                None if end == n.size else start + end,
                min(log_p, 0.0),
                float(best.score[row]),
                given=best.search is Search.CHANGED,
            )
    return None


def _simplest(scored: list[Scored], best: Scored, place: int) -> tuple[Scored, int]:
    """Return the best of the group's parents that comes near it, else the group."""
    group = dict(zip(best.cells.names, best.cells.values[place], strict=True))
    chosen, reach = (best, place), PARENT_REACHES * best.score[place]
    for each in scored:
        simpler = len(each.cells.names) < len(group) and set(each.cells.names) <= set(group)
        if simpler and (each.search is Search.CHANGED) == (best.search is Search.CHANGED):
            values = tuple(group[name] for name in each.cells.names)
            row = each.cells.values.index(values) if values in each.cells.values else -1
            if row >= 0 and each.score[row] >= reach:
                chosen, reach = (each, row), float(each.score[row])
    return chosen


def _dispersed(scored: list[Scored], best: Scored, place: int, n: Floats, kind: Kind) -> Floats:
    """Return the counts a chance is reckoned from, of independent units worth as much as those that came.

    The hits of a group vary more than those of independent units: days have levels of their own, and so have
    the values of what it is named by. Counts of larger variance are worth fewer of these (quasi-binomial).
    """
    counts = best.counts[:, place].copy()
    known = float(usual_hits(list(counts[:3]), list(counts[3:])))
    part = slice(int(best.start[place]), int(best.end[place]))
    whole = ByDay(n, kind.k, kind.near if best.search is Search.WHOLE else kind.flat)
    own, hits = best.cells.n[place], best.cells.k[best.hits][place]
    usual, variance = whole.without(own, hits).usual(own, part, known)
    variance += usual**2 * sum(
        ordinary_variance(each, row, best.hits, whole) for each, row in _single(scored, best, place)
    )
    counts[2] *= usual / known
    dispersed: Floats = counts / (1 + variance / (usual * max(1 - usual / counts[0], LEAST_LEFT)))
    return dispersed


def _single(scored: list[Scored], best: Scored, place: int) -> Iterator[tuple[Cells, int]]:
    """Yield for each condition of a group the groups of that attribute alone, and the place of its value."""
    for name, value in zip(best.cells.names, best.cells.values[place], strict=True):
        for each in scored:
            alike = (each.hits, each.search) == (best.hits, best.search)
            if alike and each.cells.names == (name,) and (value,) in each.cells.values:
                yield each.cells, each.cells.values.index((value,))


def _chance(counts: Floats, *, given: bool) -> float:
    """Return the logarithm of the chance of so many hits or more among the attempts of those days.

    Where the days were given it is Fisher's. Where they were chosen for the group, the others of the same
    days may be few: the level is then known by them and by the whole time, and as uncertain as both leave it
    (beta-binomial).
    """
    expected, whole_expected = counts[[2, 5]]
    n, k, whole_n, whole_k = np.rint(counts[[0, 1, 3, 4]])
    drawn = int(np.clip(np.rint(whole_n * expected / max(whole_expected, 1e-12)), k, whole_n))
    fisher = log_at_least(round(k), round(whole_n), round(whole_k), drawn)
    if given:
        return fisher
    prior = LEVEL_PRIOR * whole_expected / whole_n
    hits = whole_k - k + prior
    share = min(hits / (whole_expected - expected + prior) * expected / n, 0.999)
    return min(fisher, log_at_least_unsure(round(k), round(n), hits, hits / share - hits))


def _holds_by_day(best: Scored, place: int, n: Floats, kind: Kind) -> bool:
    """Tell whether a group also differs from the others when each day is compared by itself.

    A group that came up on the very days on which all had an outage differs only as long as the days of its
    window are taken together. The others of a day are steadied by a few attempts at the usual level; by
    themselves they must differ as well (Mantel-Haenszel), so that a day on which nearly all were of the group
    shows nothing.
    """
    if best.search is Search.WHOLE:
        return True
    days = slice(int(best.start[place]), int(best.end[place]))
    own, hits = best.cells.n[place][days], best.cells.k[best.hits][place][days]
    whole, all_hits = n[days], kind.k[days]
    rest = (all_hits - hits + DAY_PRIOR * kind.flat[days]) / (whole - own + DAY_PRIOR)
    usual = float((own * rest).sum())
    if hits.sum() <= LEAST_LIFT * usual or as_many(hits.sum(), usual) >= BY_DAY:
        return False
    expected = own * all_hits / np.maximum(whole, 1)
    spread = expected * (whole - own) * (whole - all_hits) / np.maximum(whole * (whole - 1), 1)
    beyond = float(hits.sum() - expected.sum() - 0.5)
    return bool(beyond > reach_of(BY_DAY_ALONE) * np.sqrt(spread.sum()) and beyond > 0)


def _alarm(best: Scored, place: int, size: int) -> float:
    """Return the chance of one false group in the search that found this one."""
    if best.search is not Search.OPEN:
        return FALSE_ALARM[best.search.value]
    if best.end[place] < size:
        return FALSE_ALARM["until"]
    return FALSE_ALARM["since, one code" if best.hits else "since"]


def _anywhere(scored: list[Scored], best: Scored, place: int, n: Floats, daily: list[Kind]) -> float:
    """Return the logarithm of the chance of one like it in any group, on any day, of any code.

    Groups with as many conditions are counted one by one. Windows that end or begin with the whole time hold
    one another: they count as often as the process they form comes to the level anew, and no more often than
    there are days with a hit, since from a day without one to the next nothing is added. Days and code of a
    change of all are known from all, whoever was hit: then only the groups count, once for each such change.
    """
    from scipy.special import ndtri_exp  # scipy stays out of start-up

    counts = _dispersed(scored, best, place, n, daily[best.hits])
    single = _chance(counts, given=best.search in (Search.WHOLE, Search.CHANGED))
    size = daily[0].k.size
    conditions = len(best.cells.names)
    alike = [each for each in scored if (each.hits, each.search) == (best.hits, best.search)]
    groups = sum(len(each.cells.values) for each in alike if len(each.cells.names) == conditions)
    depth = max(len(each.cells.names) for each in scored)
    nested = max(0.5 * np.log(best.cells.n[place].sum() / LEAST_WITHIN), 0.0)
    level = max(-float(ndtri_exp(min(single, -0.7))), 0.0)
    days = min(anew(nested, level, size), float((daily[best.hits].k > 0).sum()))
    codes = len(daily) - 1 if best.hits else 1
    looks = {
        Search.WHOLE: codes,
        Search.OPEN: days * codes,
        Search.SPELL: len(SPELLS) * size * codes,
        Search.CHANGED: sum(len(kind.changed) for kind in daily),
    }
    return single + float(np.log(groups * depth * looks[best.search]))
