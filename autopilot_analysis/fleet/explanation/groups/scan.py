"""Group and day together: which group has more hits than others of the same days, always or since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.fleet.explanation.days.dating import step_gain
from autopilot_analysis.fleet.explanation.days.series import ORDINARY, Series, anew
from autopilot_analysis.fleet.explanation.groups.cells import Cells, Floats, Ints, count_cells
from autopilot_analysis.fleet.explanation.groups.counting import LEAST_HITS, SUPPORT
from autopilot_analysis.fleet.explanation.groups.ordinary import DAY_PRIOR, ByDay, ordinary_variance
from autopilot_analysis.fleet.explanation.groups.searching import LEAST_LIFT, PARENT_REACHES, PRICE
from autopilot_analysis.groups import Group

LEAST_CODE_HITS = 3
"""The same for hits of one code, within a part of the time."""

LEAST_WITHIN = 8
"""Least attempts of a group within a part of the time."""

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

LEAST_SPELL_LIFT = 2.0
SPELLS = (1, 2, 3, 5, 7)
"""Days of a spell."""

LEVEL_DAYS = 15
LEVEL_PRIOR = 60.0
"""Attempts at the level of the whole time that steady the level of a day."""

LEAST_RHYTHM = 1 / ORDINARY**2
"""The same for days of the week, of hits, where hits are rare: these few show no rhythm."""

PRIOR_HITS = 0.5
LEAST_LEFT = 1e-3
"""A usual share leaves at least so much, lest its variance be none."""

MOST_FOUND = 12
MOST_JUDGED = 40
"""So many groups, the likeliest, are tested before nothing is said."""

MOST_CODES = 8
"""So many codes, those that changed most with time among all, are also looked at by themselves."""


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


class _Search(Enum):
    """The time a group is looked at in: all of it, from or until a day, a spell, or since all changed."""

    WHOLE = "whole"
    OPEN = "open"
    SPELL = "spell"
    CHANGED = "changed"


@dataclass(frozen=True)
class _Times:
    """Windows as places in running sums, and by how much more hits a group has in one to be looked at."""

    search: _Search
    starts: Ints
    ends: Ints
    lift: float = LEAST_LIFT

    @property
    def price(self) -> float:
        """What days chosen for the group must earn; those between changes of all were not."""
        return PRICE if self.search in (_Search.OPEN, _Search.SPELL) else 0.0

    def of(self, sums: list[Floats]) -> list[Floats]:
        """Return what running sums hold within each window."""
        return [each[..., self.ends] - each[..., self.starts] for each in sums]


def find_groups(rows: pl.DataFrame, names: list[str], *, depth: int = 2) -> list[Found]:
    """Return the groups that stand out, the one that explains most first.

    Every value and every combination of values is compared with the other attempts of the same days: over the
    whole time, from each day on, until each day, and over spells. What all share - a season, a trend, a day
    that changed everything - cancels. After each group its attempts are taken away and the rest is looked at
    again, so that a group is named only for what the groups before it leave unexplained.

    Args:
        rows: Units with `day` (null: unknown) and `hit` (1 or 0).
        names: Columns that name groups.
        depth: Most conditions.
    """
    found: list[Found] = []
    while len(found) < MOST_FOUND and rows.height >= 2 * SUPPORT:
        best = _best(rows, names, depth)
        if best is None:
            break
        found.append(best)
        rows = rows.filter(~best.where.filter())
    return sorted(found, key=lambda each: -each.score)


def _best(rows: pl.DataFrame, names: list[str], depth: int) -> Found | None:
    """Return the best group of what is left, None when chance explains it."""
    days = rows["day"].to_physical().to_numpy().astype(np.int64)
    start = int(days.min())
    places = days - start
    kinds = _kinds(rows, places)
    n = np.bincount(places).astype(float)
    if not LEAST_HITS <= kinds[0].sum() < n.sum():
        return None
    daily = [_kind(n, np.bincount(places[kind], minlength=n.size).astype(float), start) for kind in kinds]
    windows = [_times(n.size, kind.changed) for kind in daily]
    scored = [
        _scored(cells, kind, n, daily, times)
        for cells in count_cells(rows, names, depth, places, kinds)
        if cells.values
        for kind in range(len(kinds))
        for times in windows[kind]
        if not kind or times.search is not _Search.WHOLE
    ]
    return _judged(scored, start, n, daily) if scored else None


def _kinds(rows: pl.DataFrame, places: Ints) -> list[NDArray[np.bool_]]:
    """Return which units are hits: all, and then those of each frequent code by itself.

    A new failure of one code stands out from the few others of that code sooner than from all failures. What
    took long has no code of its own: those of the failures among it tell nothing of it.
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
class _Kind:
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


def _kind(n: Floats, k: Floats, start: int) -> _Kind:
    """Return what all have about each day; days on either side of a change of all are not mixed."""
    series = Series(start, n, k, binary=True, cautious=True)
    stretch = np.zeros(n.size, dtype=np.int64)
    for place, window in enumerate(series.changes()):
        stretch += series.step(window).astype(np.int64) << place
    flat, near = np.empty((2, n.size))
    around = np.ones(min(LEVEL_DAYS, n.size))
    for number in np.unique(stretch):
        own = stretch == number
        flat[own] = (k[own].sum() + PRIOR_HITS) / (n[own].sum() + 2 * PRIOR_HITS)
        close = [np.convolve(np.where(own, each, 0.0), around, mode="same")[: n.size] for each in (n, k)]
        near[own] = ((close[1] + LEVEL_PRIOR * flat) / (close[0] + LEVEL_PRIOR))[own]
    flat, near = (_with_rhythm(level, n, k, start) for level in (flat, near))
    return _Kind(k, flat, near, tuple(_worse(stretch, n, k)))


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


def _times(size: int, changed: tuple[tuple[int, int], ...]) -> list[_Times]:
    """Return the windows: the whole time, from and until each day, spells, and since all changed."""
    cuts = np.arange(1, size)
    zero = np.zeros_like(cuts)
    starts = [np.arange(1, size - length) for length in SPELLS]
    ends = [each + length for each, length in zip(starts, SPELLS, strict=True)]
    times = [
        _Times(_Search.WHOLE, np.array([0]), np.array([size])),
        _Times(_Search.OPEN, np.concatenate([cuts, zero]), np.concatenate([np.full_like(cuts, size), cuts])),
        _Times(_Search.SPELL, np.concatenate(starts), np.concatenate(ends), LEAST_SPELL_LIFT),
        _Times(_Search.CHANGED, *np.array(changed, dtype=np.int64).reshape(-1, 2).T),
    ]
    return [each for each in times if each.starts.size]


@dataclass(frozen=True)
class _Scored:
    """The best window of each group in one search for one kind of hit, and what its chance comes from."""

    cells: Cells
    hits: int
    search: _Search
    score: Floats
    start: Ints
    end: Ints
    counts: Floats


def _scored(cells: Cells, hits: int, n: Floats, daily: list[_Kind], times: _Times) -> _Scored:
    """Find the best window of every group."""
    whole, rows = times.search is _Search.WHOLE, np.arange(len(cells.values))
    inside, around = _within(cells, hits, n, daily[hits], times, flat=not whole)
    least = SUPPORT if whole else LEAST_WITHIN
    gain = _gain(inside, around, times.lift, least, LEAST_CODE_HITS if hits else LEAST_HITS)
    if hits:
        lifted = _lifted(*_within(cells, 0, n, daily[0], times, flat=True), times.lift)
        gain = np.where(lifted, gain, -np.inf)
    place = gain.argmax(1)
    counts = np.stack([*(each[rows, place] for each in inside), *(each[place] for each in around)])
    score = gain[rows, place] - PRICE * len(cells.names) - times.price
    return _Scored(cells, hits, times.search, score, times.starts[place], times.ends[place], counts)


def _within(
    cells: Cells, hits: int, n: Floats, kind: _Kind, times: _Times, *, flat: bool
) -> tuple[list[Floats], list[Floats]]:
    """Return units, hits and expected hits of every group, and of all, within each window."""
    level = kind.flat if flat else kind.near
    sums = (
        [np.concatenate([np.zeros((*each.shape[:-1], 1)), each.cumsum(-1)], -1) for each in part]
        for part in ((cells.n, cells.k[hits], cells.n * level), (n, kind.k, n * level))
    )
    own, whole = (times.of(each) for each in sums)
    return own, whole


def _usual(own: list[Floats], whole: list[Floats]) -> Floats:
    """Return the hits a group would have at the level of the others of the same days.

    Their level is steadied by attempts at the level of the whole time.
    """
    n, k, expected = own
    prior = LEVEL_PRIOR * whole[2] / np.maximum(whole[0], 1.0)
    rest = (whole[1] - k + prior) / np.maximum(whole[2] - expected + prior, 1e-12)
    return np.minimum(expected * rest, 0.999 * n)


def _lifted(own: list[Floats], whole: list[Floats], lift: float) -> NDArray[np.bool_]:
    """Tell where a group has clearly more hits than the others."""
    lifted: NDArray[np.bool_] = own[1] > lift * _usual(own, whole)
    return lifted


def _gain(own: list[Floats], whole: list[Floats], lift: float, least: int, hits: int) -> Floats:
    """Return the log-likelihood a group's own share gains over that of the others of the same days."""
    n, k, _ = own
    usual = _usual(own, whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = k * np.log(k / usual) + np.where(k < n, (n - k) * np.log((n - k) / (n - usual)), 0.0)
    good = (n >= least) & (k >= hits) & (k > lift * usual)
    return np.where(good, np.nan_to_num(gain), -np.inf)


def _judged(scored: list[_Scored], start: int, n: Floats, daily: list[_Kind]) -> Found | None:
    """Return the best group that chance does not explain, or a simpler one that comes near."""
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
                None if best.search is _Search.WHOLE else start + first,
                None if end == n.size else start + end,
                min(log_p, 0.0),
                float(best.score[row]),
                given=best.search is _Search.CHANGED,
            )
    return None


def _simplest(scored: list[_Scored], best: _Scored, place: int) -> tuple[_Scored, int]:
    """Return the best of the group's parents that comes near it, else the group."""
    group = dict(zip(best.cells.names, best.cells.values[place], strict=True))
    chosen, reach = (best, place), PARENT_REACHES * best.score[place]
    for each in scored:
        simpler = len(each.cells.names) < len(group) and set(each.cells.names) <= set(group)
        if simpler and (each.search is _Search.CHANGED) == (best.search is _Search.CHANGED):
            values = tuple(group[name] for name in each.cells.names)
            row = each.cells.values.index(values) if values in each.cells.values else -1
            if row >= 0 and each.score[row] >= reach:
                chosen, reach = (each, row), float(each.score[row])
    return chosen


def _dispersed(scored: list[_Scored], best: _Scored, place: int, n: Floats, kind: _Kind) -> Floats:
    """Return the counts a chance is reckoned from, of independent units worth as much as those that came.

    The hits of a group vary more than those of independent units: days have levels of their own, and so have
    the values of what it is named by. Counts of larger variance are worth fewer of these (quasi-binomial).
    """
    counts = best.counts[:, place].copy()
    known = float(_usual(list(counts[:3]), list(counts[3:])))
    part = slice(int(best.start[place]), int(best.end[place]))
    whole = ByDay(n, kind.k, kind.near if best.search is _Search.WHOLE else kind.flat)
    own, hits = best.cells.n[place], best.cells.k[best.hits][place]
    usual, variance = whole.without(own, hits).usual(own, part, known)
    variance += usual**2 * sum(
        ordinary_variance(each, row, best.hits, whole) for each, row in _single(scored, best, place)
    )
    counts[2] *= usual / known
    dispersed: Floats = counts / (1 + variance / (usual * max(1 - usual / counts[0], LEAST_LEFT)))
    return dispersed


def _single(scored: list[_Scored], best: _Scored, place: int) -> Iterator[tuple[Cells, int]]:
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
    from scipy.special import logsumexp  # scipy stays out of start-up
    from scipy.stats import betabinom, hypergeom  # scipy stays out of start-up

    expected, whole_expected = counts[[2, 5]]
    n, k, whole_n, whole_k = np.rint(counts[[0, 1, 3, 4]])
    drawn = int(np.clip(np.rint(whole_n * expected / max(whole_expected, 1e-12)), k, whole_n))
    fisher = float(hypergeom.logsf(round(k) - 1, round(whole_n), round(whole_k), drawn))
    if given:
        return fisher
    prior = LEVEL_PRIOR * whole_expected / whole_n
    hits = whole_k - k + prior
    share = min(hits / (whole_expected - expected + prior) * expected / n, 0.999)
    more = np.arange(round(k), round(n) + 1)
    return min(fisher, float(logsumexp(betabinom.logpmf(more, round(n), hits, hits / share - hits))))


def _holds_by_day(best: _Scored, place: int, n: Floats, kind: _Kind) -> bool:
    """Tell whether a group also differs from the others when each day is compared by itself.

    A group that came up on the very days on which all had an outage differs only as long as the days of its
    window are taken together. The others of a day are steadied by a few attempts at the usual level; by
    themselves they must differ as well (Mantel-Haenszel), so that a day on which nearly all were of the group
    shows nothing.
    """
    from scipy.stats import norm, poisson  # scipy stays out of start-up

    if best.search is _Search.WHOLE:
        return True
    days = slice(int(best.start[place]), int(best.end[place]))
    own, hits = best.cells.n[place][days], best.cells.k[best.hits][place][days]
    whole, all_hits = n[days], kind.k[days]
    rest = (all_hits - hits + DAY_PRIOR * kind.flat[days]) / (whole - own + DAY_PRIOR)
    usual = float((own * rest).sum())
    if hits.sum() <= LEAST_LIFT * usual or poisson.logsf(hits.sum() - 1, usual) >= np.log(BY_DAY):
        return False
    expected = own * all_hits / np.maximum(whole, 1)
    spread = expected * (whole - own) * (whole - all_hits) / np.maximum(whole * (whole - 1), 1)
    beyond = float(hits.sum() - expected.sum() - 0.5)
    return bool(beyond > norm.isf(BY_DAY_ALONE) * np.sqrt(spread.sum()) and beyond > 0)


def _alarm(best: _Scored, place: int, size: int) -> float:
    """Return the chance of one false group in the search that found this one."""
    if best.search is not _Search.OPEN:
        return FALSE_ALARM[best.search.value]
    if best.end[place] < size:
        return FALSE_ALARM["until"]
    return FALSE_ALARM["since, one code" if best.hits else "since"]


def _anywhere(scored: list[_Scored], best: _Scored, place: int, n: Floats, daily: list[_Kind]) -> float:
    """Return the logarithm of the chance of one like it in any group, on any day, of any code.

    Groups with as many conditions are counted one by one. Windows that end or begin with the whole time hold
    one another: they count as often as the process they form comes to the level anew, and no more often than
    there are days with a hit, since from a day without one to the next nothing is added. Days and code of a
    change of all are known from all, whoever was hit: then only the groups count, once for each such change.
    """
    from scipy.special import ndtri_exp  # scipy stays out of start-up

    counts = _dispersed(scored, best, place, n, daily[best.hits])
    single = _chance(counts, given=best.search in (_Search.WHOLE, _Search.CHANGED))
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
        _Search.WHOLE: codes,
        _Search.OPEN: days * codes,
        _Search.SPELL: len(SPELLS) * size * codes,
        _Search.CHANGED: sum(len(kind.changed) for kind in daily),
    }
    return single + float(np.log(groups * depth * looks[best.search]))
