"""One series of days: its weekly rhythm and its trend, and what moved beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import polars as pl

from autopilot_analysis.fleet.chances import log_beyond
from autopilot_analysis.fleet.explanation.days.spread import (
    LEAST_VARIANCE,
    beyond_block,
    dispersion,
    in_blocks,
    prior_spread,
)
from autopilot_analysis.fleet.explanation.days.windows import (
    Days,
    Floats,
    Window,
    anew,
    standardised,
    windows_in,
    windows_near,
)
from autopilot_analysis.tables.outcomes import ENDED

FALSE_ALARM = 0.005
"""What is looked for hour by hour, or in a list, chance would show less often than this."""

CHANGE_ALARM = 0.03
"""A change of days is reported when the chance of one like it, anywhere in the series, is below this.

That chance is an upper bound: of 3,420 healthy fleets 10 come below it."""

ALIKE_ALARM = 0.05
"""Days on which one code moved moved all when chance shows so much of all on these very days this rarely."""

LEAST_ASIDE = 5
"""Fewer attempts on one side of a cut show nothing."""

MOST_CHANGES = 6

MOST_KEPT = 1 / 3
"""A change is taken back by the next one when less than this part of it is left."""

BLOCK = 7
"""Days whose sum shows how much more than independent attempts the series varies."""

FEWEST_BLOCKS = 6
FAMILIES = 2
"""Lasting changes and spells are two searches."""

ORDINARY = 0.5
"""Deviation, on the logit or in normal scores, of what a trend moves in all, and of a day of the week."""


ROUNDS = 2
"""So often are days weighed anew by the levels that their last weights gave."""

TRACE = 1e-6


@dataclass
class Series:
    """Attempts and the sum of what is compared, for every day from the first to the last.

    Attributes:
        start: The first day, as a number since 1970.
        n: Attempts of each day.
        s: Hits of each day, or the sum of normal scores.
        binary: Whether hits are counted.
        cautious: Whether blocks that hold little are taken to vary as those that hold much, so that only what
            is sure among few hits counts as a change.
        alike: How many of the attempts that came one counted here stands for.
    """

    start: int
    n: Floats
    s: Floats
    binary: bool
    cautious: bool = False
    alike: float = 1.0
    base: Floats = field(init=False)
    penalty: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Describe an ordinary series: a level, a weekly rhythm, a trend."""
        days = np.arange(self.n.size)
        columns = [np.ones(days.size), (days - days.mean()) / max(days.size, 2)]
        if days.size >= 4 * BLOCK:
            week = (self.start + days) % 7
            columns += [(week == each) - 1 / 7 for each in range(1, 7)]
        self.base = np.stack(columns, axis=1)
        self.penalty = np.array([0.0, *[1 / ORDINARY**2] * (len(columns) - 1)])

    @classmethod
    def of(cls, rows: pl.DataFrame, measure: str) -> Series:
        """Count judged attempts by day; durations by the normal scores of their ranks among those alike.

        Args:
            rows: With `day`, `value` and `class`.
            measure: An outcome or a span column.
        """
        binary = measure in ENDED
        value = rows["value"].to_numpy() if binary else normal_scores(rows)
        days = rows["day"].to_physical().to_numpy().astype(np.int64)
        start = int(days.min()) if days.size else 0
        n = np.bincount(days - start).astype(float)
        return cls(start, n, np.bincount(days - start, weights=value).astype(float), binary)

    def of_code(self, places: Days) -> Series:
        """Return the same days with the hits of one code.

        Args:
            places: The day of each, counted from the first.
        """
        return replace(self, s=np.bincount(places, minlength=self.n.size).astype(float))

    def changes(
        self, codes: Sequence[Series] = (), known: Sequence[Window] = (), alarm: float = CHANGE_ALARM
    ) -> list[Window]:
        """Return what moved, each looked for beside those already found, the surest of all first.

        An incident with a code of its own stands out from the few others of that code sooner than from all
        hits. It counts where all moved with it on the same days.

        Args:
            codes: The hits of single codes, over the same days.
            known: What is known to have moved.
            alarm: The chance below which something moved.
        """
        found: list[Window] = []
        design = np.column_stack([self.base, *(self.step(window) for window in known)])
        while len(found) < MOST_CHANGES:
            tries = [self._surest(design), *(self._by_code(code, design, len(codes)) for code in codes)]
            window = min((each for each in tries if each), key=lambda each: each.log_p, default=None)
            if window is None or window.log_p >= np.log(alarm):
                break
            found.append(window)
            design = np.column_stack([design, self.step(window)])
        return found

    def _by_code(self, code: Series, design: Floats, codes: int) -> Window | None:
        """Return the surest window of one of so many codes, where all moved with it; None where they did not.

        Args:
            code: Its hits, over the same days.
            design: What is known of the days.
            codes: How many codes are looked at.
        """
        window = code._surest(design)
        if window is None or window.log_p + np.log(codes) >= np.log(CHANGE_ALARM):
            return None
        own, all_ = code._moved(window, design), self._moved(window, design)
        if own[0] != all_[0] or all_[1] >= np.log(ALIKE_ALARM):
            return None
        return replace(window, log_p=min(float(window.log_p + np.log(codes)), 0.0))

    def _moved(self, window: Window, design: Floats) -> tuple[float, float]:
        """Return whether a window lies above (1) or below (-1) what the design expects, and its chance."""
        residual = self._evened(design)._fitted(design)[0]
        return float(np.sign(residual @ self.step(window))), self._chance(window, design, None, 1)

    def step(self, window: Window) -> Floats:
        """Return 1 for the days of a window, else 0.

        Args:
            window: Days.
        """
        days = self.start + np.arange(self.n.size)
        return ((days >= window.first) & (days < (window.end or days[-1] + 1))).astype(float)

    def _surest(self, design: Floats) -> Window | None:
        """Return the window that the design leaves unexplained most clearly; its chance is bounded.

        The window whose attempts differ most is fitted as a step of its own. What it gains is measured
        against the spread that is left, so that a large change cannot hide behind itself.
        """
        residual, weight, _ = self._evened(design)._fitted(design)
        best: Window | None = None
        for lasting in (True, False):
            tries = windows_in(self.n.size, lasting=lasting)
            if not tries[0].size:
                continue
            first, end, path = self._clearest(design, residual, weight, tries)
            if not lasting:
                near = windows_near(first, end, self.n.size)
                first, end, _ = self._clearest(design, residual, weight, near)
            window = Window(self.start + first, None if lasting else self.start + end, 0.0)
            log_p = self._chance(window, design, path if lasting else None, tries[0].size)
            if best is None or log_p < best.log_p:
                best = Window(window.first, window.end, log_p)
        return best

    def _clearest(
        self, design: Floats, residual: Floats, weight: Floats, tries: tuple[Days, Days]
    ) -> tuple[int, int, float]:
        """Return where the window whose attempts differ most begins and ends, and the path of all windows."""
        z, path = standardised(design, self._prior(design), residual, weight, tries)
        inside = np.concatenate([[0.0], self.n.cumsum()])
        inside = inside[tries[1]] - inside[tries[0]]
        z[(inside < LEAST_ASIDE) | (self.n.sum() - inside < LEAST_ASIDE)] = 0.0
        place = int(np.abs(z).argmax())
        return int(tries[0][place]), int(tries[1][place]), path

    def _chance(self, window: Window, design: Floats, path: float | None, count: int) -> float:
        """Return the logarithm of the chance of a window that gains as much, anywhere in the series.

        Steps from one day and from the next hold nearly the same days: they count as often as the process
        they form comes to the level anew. Spells are counted one by one.
        """
        fuller = np.column_stack([design, self.step(window)])
        evened = self._evened(fuller)
        before = evened._fitted(design)[2]
        residual, weight, after = evened._fitted(fuller)
        spread, free = self._spread(residual, weight, fuller.shape[1])
        level = float(np.sqrt(max(2 * (after - before), 0.0) / spread))
        looked = count if path is None else min(anew(path, level, count), count)
        return min(float(log_beyond(level, free) + np.log(2.0 * FAMILIES * looked)), 0.0)

    def _evened(self, design: Floats) -> Series:
        """Return the series with its days weighed by how well each is known (Williams 1982).

        Days have levels of their own: however many attempts one has, its level is known no better than days
        lie apart. Without this a few days on which a site rolled out would be taken for a change. Attempts
        that come in like ones are counted once, so that a fleet of which each came ten times over says what
        it said at first: rhythm and trend are held to what is ordinary all the same.
        """
        evened = self
        for _ in range(ROUNDS):
            residual, weight = self._beyond(evened._fit(design)[0])
            alike, apart = dispersion(residual, weight, 1.0 - design.shape[1] / self.n.size)
            share = 1.0 / (alike + apart * weight)
            evened = replace(self, n=self.n * share, s=self.s * share, alike=alike)
        return evened

    def _fitted(self, design: Floats) -> tuple[Floats, Floats, float]:
        """Return what each day has beyond what the design expects, its variance, and the log-likelihood."""
        level, likely = self._fit(design)
        return *self._beyond(level), likely

    def _beyond(self, level: Floats) -> tuple[Floats, Floats]:
        """Return what each day has beyond a level, and its variance, were attempts independent.

        Scores have a variance of 1.
        """
        spread = level * (1 - level) if self.binary else np.ones_like(level)
        return self.s - self.n * level, self.n * spread

    def _fit(self, design: Floats) -> tuple[Floats, float]:
        """Return the level of each day by the design, and the log-likelihood."""
        prior = self._prior(design)
        return self._fit_shares(design, prior) if self.binary else self._fit_scores(design, prior)

    def _fit_scores(self, design: Floats, prior: Floats) -> tuple[Floats, float]:
        normal = design.T @ (self.n[:, None] * design) + np.diag(prior)
        beta = np.linalg.solve(normal, design.T @ self.s)
        level = design @ beta
        likely = float((self.s * level - self.n * level**2 / 2).sum() - (prior * beta**2).sum() / 2)
        return level, likely

    def _fit_shares(self, design: Floats, prior: Floats) -> tuple[Floats, float]:
        whole = np.clip((self.s.sum() + 0.5) / (self.n.sum() + 1.0), 1e-6, 1 - 1e-6)
        beta = np.zeros(design.shape[1])
        beta[0] = np.log(whole / (1 - whole))
        held = np.diag(prior)
        for _ in range(25):
            share = 1 / (1 + np.exp(-np.clip(design @ beta, -15, 15)))
            weight = self.n * share * (1 - share)
            normal = design.T @ (weight[:, None] * design) + held
            step = np.linalg.solve(normal, design.T @ (self.s - self.n * share) - prior * beta)
            beta = beta + np.clip(step, -2, 2)
            if np.abs(step).max() < 1e-8:
                break
        share = 1 / (1 + np.exp(-np.clip(design @ beta, -15, 15)))
        likely = float((self.s * np.log(share) + (self.n - self.s) * np.log1p(-share)).sum())
        return share, likely - float((prior * beta**2).sum()) / 2

    def _prior(self, design: Floats) -> Floats:
        """Return the precision of what is ordinary; steps are free but for what keeps the sums solvable."""
        return np.concatenate([self.penalty, np.full(design.shape[1] - self.penalty.size, TRACE)]) + TRACE

    def _spread(self, residual: Floats, weight: Floats, columns: int) -> tuple[float, float]:
        """Return how much more than counted attempts blocks of days vary, and the freedom it is known with.

        It is at least what attempts would vary by were all that came independent.
        """
        block = BLOCK if self.n.size >= FEWEST_BLOCKS * BLOCK else 1
        total, variance = in_blocks(residual, block), in_blocks(weight, block)
        known = variance > LEAST_VARIANCE
        free = max(float(known.sum()) - (columns - 6 if block > 1 else columns), 1.0)
        ratio = float((total[known] ** 2 / variance[known]).sum() / free)
        ratio = beyond_block(ratio, residual, weight, columns)
        usual, blocks = prior_spread(np.inf if self.cautious else float(variance.mean()))
        spread = (free * ratio + blocks * usual) / (free + blocks)
        return max(1.0 / self.alike, spread), free + blocks


def joined(series: Series, windows: list[Window]) -> list[Window]:
    """Return changes, one and the next that takes most of it back as one spell; beside spells as they are.

    Args:
        series: The days.
        windows: What moved on them.
    """
    steps = sorted(windows, key=lambda each: each.first)
    if not all(each.lasting for each in windows):
        return windows
    cuts = [0, *(each.first - series.start for each in steps), series.n.size]
    level = [series.s[low:high].sum() / max(series.n[low:high].sum(), 1.0) for low, high in pairwise(cuts)]
    for (one, other), (before, within, after) in zip(
        pairwise(steps), zip(level, level[1:], level[2:], strict=False), strict=True
    ):
        if abs(after - before) < MOST_KEPT * abs(within - before):
            spell = Window(one.first, other.first, min(one.log_p, other.log_p))
            return sorted(
                [spell, *(each for each in windows if each not in (one, other))], key=lambda each: each.log_p
            )
    return windows


def normal_scores(rows: pl.DataFrame) -> Floats:
    """Return the normal scores of values by rank among attempts of one class.

    Args:
        rows: With `value` and `class`.
    """
    from scipy.special import ndtri  # scipy stays out of start-up

    place = (pl.col("value").rank("average") - 0.375).over("class") / (pl.len() + 0.25).over("class")
    scores: Floats = ndtri(rows.select(place.alias("place"))["place"].to_numpy())
    return scores
