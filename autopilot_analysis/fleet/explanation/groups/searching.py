"""The search for groups that explain hits: the best first, then what it leaves unexplained."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from autopilot_analysis.fleet.explanation.groups.counting import (
    LEAST_HITS,
    MOST_FOUND,
    SUPPORT,
    Codes,
    Condition,
    Counts,
    Floats,
)
from autopilot_analysis.fleet.explanation.groups.reference import Reference
from autopilot_analysis.fleet.intervals import false_discovery

PRICE = float(np.log(60.0))
"""What each condition of a group, and a day, must earn in log-likelihood."""

PSEUDO_COUNTS = 20.0
PARENT_REACHES = 0.95
"""A simpler group that reaches this share of the best score is preferred."""
FALSE_DISCOVERY = 0.01
LEAST_LIFT = 1.25
"""Groups that differ less than this are no explanation, however sure."""

SURELY = 0.99
"""How sure it must be that the other attempts of a parent were not hit alike."""

SLACK = 1.0 + 1e-6
"""A p value is known to this factor."""


@dataclass
class Group:
    """One combination of values."""

    conditions: tuple[Condition, ...]
    score: float
    p: float
    q: float = 1.0


@dataclass
class Candidates:
    """Cells worth a test, in their order, with what each is compared with, and how many were looked at."""

    cells: Codes
    n: Floats
    k: Floats
    rest_n: Floats
    rest_k: Floats
    score: Floats
    tested: int


@dataclass
class Search:
    """What groups are named by, their counts, when attempts began, and the reference where there is one."""

    names: list[str]
    labels: list[list[str]]
    counts: Counts
    days: Codes
    design: float
    reference: Reference | None = None


def _likelihood(n: Floats, k: Floats, expected: Floats) -> Floats:
    """Return the log-likelihood ratio of k of n against an expected share; 0 where the group is not worse."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / n
        ratio = k * np.log(share / expected) + np.where(
            k < n, (n - k) * np.log((1 - share) / (1 - expected)), 0.0
        )
    return np.where((share > expected) & (k > 0), np.nan_to_num(ratio), 0.0)


def find_explaining(search: Search) -> list[Group]:
    """Take the best group, remove what it explains, and go on while something stays significant."""
    found: list[Group] = []
    counts = search.counts
    left = np.ones(counts.hit.size, dtype=bool)
    while len(found) < MOST_FOUND:
        n, k = map(float, counts.of(left))
        if not k or (search.reference is None and (k == n or not counts.tables)):
            break
        best = _best(search, left, n, k)
        if best is None or best.q >= FALSE_DISCOVERY:
            break
        rows = counts.inside(best.conditions) & left
        left &= ~rows
        counts.take_away(np.flatnonzero(rows))
        if search.reference:
            search.reference.take_away(best.conditions)
        found.append(best)
    return found


def _best(search: Search, left: NDArray[np.bool_], n: float, k: float) -> Group | None:
    """Return the best group of what is left; against a reference all that is left is one, the simplest."""
    candidates, best = _candidates(search, n, k), None
    if candidates.cells.size:
        best = _judged(search, candidates, _simplest(search, candidates))
    if search.reference:
        whole = _all(search, search.reference, candidates.tested, (n, k))
        return whole if best is None or whole.score >= PARENT_REACHES * best.score else best
    return best and (_since(search, best, left) or best)


def _candidates(search: Search, n: float, k: float) -> Candidates:
    """Return the cells whose hits are worth a test, of so many attempts and hits that are left."""
    counts = search.counts
    if search.reference:
        (rest_n, rest_k), usual = search.reference.alike(), search.reference.share
    else:
        rest_n, rest_k, usual = n - counts.n, k - counts.k, k / n
    usable = counts.known & (counts.n >= SUPPORT) & (rest_n >= SUPPORT)
    cells = np.flatnonzero(usable & (counts.k >= LEAST_HITS))
    parts = [counts.n[cells], counts.k[cells], rest_n[cells], rest_k[cells]]
    n_in, k_in, n_out, k_out = parts
    gain = _likelihood(n_in, k_in, _steadied(n_out, k_out, usual)) / search.design
    score = gain - PRICE * counts.conditions(cells)
    good = (score > 0) & (k_in / n_in >= LEAST_LIFT * (k_out / n_out))
    n_in, k_in, n_out, k_out, score = (each[good] for each in (*parts, score))
    return Candidates(cells[good], n_in, k_in, n_out, k_out, score, int(usable.sum()))


def _steadied(n: Floats, k: Floats, usual: float) -> Floats:
    """Return the share of those that a group is compared with, shrunk towards the usual one."""
    share: Floats = (k + usual * PSEUDO_COUNTS) / (n + PSEUDO_COUNTS)
    return share


def _simplest(search: Search, candidates: Candidates) -> int:
    """Return the place of the best candidate, or of the best of its parents that comes near.

    A parent is no simpler name for the best where the data rule it out: its other attempts were not hit.
    """
    best = int(candidates.score.argmax())
    conditions = search.counts.group_of(int(candidates.cells[best]))
    for size in range(1, len(conditions)):
        parents = [search.counts.cell_of(parent) for parent in combinations(conditions, size)]
        places = np.flatnonzero(np.isin(candidates.cells, parents))
        near = places[candidates.score[places] >= PARENT_REACHES * candidates.score[best]]
        near = near[~_spared(search, candidates, near, best)]
        if near.size:
            return int(near[candidates.score[near].argmax()])
    return best


def _spared(search: Search, candidates: Candidates, parents: Codes, best: int) -> NDArray[np.bool_]:
    """Return of which parents the attempts besides the best group are surely nearer to the usual."""
    from scipy.stats import beta  # scipy stays out of start-up

    n, k = ((all_[parents] - all_[best]) / search.design for all_ in (candidates.n, candidates.k))
    usual_n, usual_k = candidates.rest_n[parents], candidates.rest_k[parents]
    if search.reference:
        usual_n, usual_k = usual_n - candidates.rest_n[best], usual_k - candidates.rest_k[best]
    usual = _steadied(usual_n, usual_k, search.reference.share if search.reference else 0.0)
    most = beta.ppf(SURELY, k + 1, np.maximum(n - k, 0.5))
    halfway = (usual + candidates.k[best] / candidates.n[best]) / 2
    spared: NDArray[np.bool_] = (n >= SUPPORT) & (most < halfway)
    return spared


def _judged(search: Search, candidates: Candidates, chosen: int) -> Group:
    """Return the chosen candidate with its p, and its q among all that were looked at.

    The chance of exactly k hits is less work than that of k or more, and no larger: candidates for which it
    alone is above the chosen p times their number cannot lower the chosen q, and are not summed up.
    """
    from scipy.stats import hypergeom  # scipy stays out of start-up

    own = (candidates.k, candidates.n, candidates.k + candidates.rest_k, candidates.n + candidates.rest_n)
    hits, sizes, whole_k, whole_n = (np.rint(values / search.design) for values in own)
    p = float(hypergeom.sf(hits[chosen] - 1, whole_n[chosen], whole_k[chosen], sizes[chosen]))
    exactly = np.exp(hypergeom.logpmf(hits, whole_n, whole_k, sizes))
    rivals = np.flatnonzero((exactly <= p * hits.size * SLACK) | (np.arange(hits.size) == chosen))
    tails = hypergeom.sf(hits[rivals] - 1, whole_n[rivals], whole_k[rivals], sizes[rivals])
    q = false_discovery(np.asarray(tails), candidates.tested)[np.searchsorted(rivals, chosen)]
    conditions = search.counts.group_of(int(candidates.cells[chosen]))
    return Group(conditions, float(candidates.score[chosen]), p, min(1.0, float(q)))


def _all(search: Search, reference: Reference, tested: int, left: tuple[float, float]) -> Group:
    """Return all that is left, attempts and hits, as one group against what is left of the reference."""
    from scipy.stats import hypergeom  # scipy stays out of start-up

    (n, k), (rest_n, rest_k) = left, reference.left
    if rest_n < SUPPORT or k < LEAST_HITS or k / n < LEAST_LIFT * rest_k / rest_n:
        return Group((), 0.0, 1.0)
    usual = _steadied(np.array([rest_n], dtype=float), np.array([rest_k], dtype=float), reference.share)
    score = float(_likelihood(np.array([n]), np.array([k]), usual)[0]) / search.design
    hits, sizes, whole_k, whole_n = (round(each / search.design) for each in (k, n, k + rest_k, n + rest_n))
    p = float(hypergeom.sf(hits - 1, whole_n, whole_k, sizes))
    return Group((), score, p, min(1.0, p * (tested + 1)))


def _since(search: Search, best: Group, left: NDArray[np.bool_]) -> Group | None:
    """Return one of the conditions of a group, from some day on, when that explains as much.

    Versions of apps and of Windows follow each other in time: a profile that broke on a day looks like that
    profile with the versions of that time.
    """
    if len(best.conditions) < 2 or not search.days.any():
        return None
    found = None
    for condition in best.conditions:
        score = _best_day(search, search.counts.inside((condition,)) & left, left)
        if score >= PARENT_REACHES * max(best.score, found.score if found else 0.0):
            found = Group((condition,), score, best.p, best.q)
    return found


def _best_day(search: Search, inside: NDArray[np.bool_], left: NDArray[np.bool_]) -> float:
    """Return the score of a group's attempts from the best day on."""
    daily = search.counts.by(search.days, inside, int(search.days.max()) + 1)
    n, k = (each[::-1].cumsum()[::-1] for each in daily)
    whole_n, whole_k = map(float, search.counts.of(left))
    usable = (n >= SUPPORT) & (k >= LEAST_HITS) & (n < whole_n)
    expected = _steadied(whole_n - n, whole_k - k, whole_k / whole_n)
    gain = np.where(usable, _likelihood(n, k, expected) / search.design, 0.0)
    return float(gain.max()) - 2 * PRICE
