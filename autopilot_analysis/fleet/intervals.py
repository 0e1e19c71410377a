"""How sure a number is: intervals of shares, of percentiles and of ratios, and false discovery."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis import wording

PERCENT = 95
"""How often an interval encloses what it is of, on every page and in every figure."""
CONFIDENCE = wording.percent(PERCENT / 100, 0)
"""How that is written."""
MIDDLE = ((100 - PERCENT) / 200, (100 + PERCENT) / 200)
"""Between these quantiles lies what an interval encloses."""
REACH = NormalDist().inv_cdf(MIDDLE[1])
"""How many standard errors it reaches to each side, where errors are normal."""


def share_columns(k: str = "k", n: str = "n", design: pl.Expr | None = None) -> list[pl.Expr]:
    """Return `share`, `low`, `high`: k of n with its Wilson interval; null when n is zero.

    Args:
        k: Column of the count.
        n: Column of the whole.
        design: How many of the whole tell as much as one that is independent of all others; see
            `design_effect`. None: every one is independent.
    """
    share = pl.when(pl.col(n) > 0).then(pl.col(k) / pl.col(n))
    count = pl.col(n) if design is None else pl.col(n) / design
    spread = REACH * ((share * (1 - share) + REACH**2 / (4 * count)) / count).sqrt()
    middle, scale = share + REACH**2 / (2 * count), 1 + REACH**2 / count
    low = pl.when(pl.col(k) == 0).then(0.0 * share).otherwise((middle - spread) / scale)
    high = pl.when(pl.col(k) == pl.col(n)).then(0.0 * share + 1).otherwise((middle + spread) / scale)
    return [share.alias("share"), low.alias("low"), high.alias("high")]


def share_in_words(k: int, n: int) -> str:
    """Return k of n with its share and its interval in words.

    Args:
        k: How many it hit.
        n: Of how many.
    """
    low, high = pl.DataFrame({"k": [k], "n": [n]}).select(share_columns()).row(0)[1:]
    return wording.share(k, n, low, high)


ROWS = ("n", "units", "n_n", "n_n_n_n")
HITS = ("k", "k_n", "k_k", "k_n_n_n", "k_k_n_n", "k_k_k_n", "k_k_k_k")
"""What `count_alike` counts of a group, and of each kind of hit: zero where a group has none."""


def count_alike(rows: pl.DataFrame, by: Sequence[str], *kinds: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return how many rows each group has and how many each kind of hit, and how these lie on devices.

    Args:
        rows: What is counted, with the columns of `by` and of `kinds`; with `device`, rows of one are alike.
        by: Columns to group by, at least one.
        kinds: Columns that tell one kind of hit from another; null in all of them is no hit.

    Returns:
        Two frames. By group: `n`, `units` (devices, a row without one by itself) and `n_n` (sum of the
        squares of their rows). By group and kind: `k`, and `k_n` and `k_k` (sums of hits by rows, and of the
        squares of hits, of each device). The fourth moments stand beside them, named alike: `n_n_n_n`, and
        with one hit to four in place of rows `k_n_n_n` to `k_k_k_k`.
    """
    number = pl.int_range(pl.len())
    device = pl.col("device") if "device" in rows.columns else pl.lit(None, dtype=pl.String)
    own = rows.select(*by, *kinds, unit=device, alone=pl.when(device.is_null()).then(number))
    keys = [*by, "unit", "alone"]
    units = own.group_by(keys).agg(rows=pl.len().cast(pl.Float64))
    n = pl.col("rows")
    wholes = units.group_by(by).agg(
        n=n.sum().cast(pl.Int64), units=pl.len().cast(pl.Int64), n_n=(n**2).sum(), n_n_n_n=(n**4).sum()
    )
    hits = own.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in kinds))
    hit = hits.group_by(*keys, *kinds).agg(hits=pl.len().cast(pl.Float64))
    both = hit.join(units, on=keys, how="left", nulls_equal=True)
    k = pl.col("hits")
    moments = [(k ** name.count("k") * n ** name.count("n")).sum().alias(name) for name in HITS[1:]]
    counted = both.group_by(*by, *kinds).agg(k.sum().cast(pl.Int64).alias("k"), *moments)
    return wholes, counted


def design_effect() -> pl.Expr:
    """Return how many rows tell as much as one that is independent, because rows of one device are alike.

    It is the variance of the share when whole devices are drawn, against that of independent rows; never
    below one. Where all or none are hits, or there is but one device, each device counts once. Needs the
    columns that `count_alike` makes.
    """
    n, k, units = pl.col("n"), pl.col("k"), pl.col("units")
    share = k / n
    beyond = pl.col("k_k") - 2 * share * pl.col("k_n") + share**2 * pl.col("n_n")
    alike = beyond / (n * share * (1 - share)) * units / (units - 1)
    sure = (k == 0) | (k == n) | (units <= 1)
    apart = pl.when(sure).then(n / units).otherwise(alike.clip(lower_bound=1.0))
    return pl.when(units == n).then(1.0).otherwise(apart).alias("design")


def interval_design() -> pl.Expr:
    """Return the design effect of an interval: larger where a few devices show most of how alike rows are.

    The variance among devices is then itself hardly known, and the normal quantile becomes Student's, as
    with effective sample sizes after Korn and Graubard (1998). Its degrees of freedom are how many devices
    of equal weight would show as much (Satterthwaite's), and one more: the most telling may have a twin.
    Needs the columns that `count_alike` makes.
    """
    n, k, units = pl.col("n"), pl.col("k"), pl.col("units")
    share = k / n
    squares = pl.col("k_k") - 2 * share * pl.col("k_n") + share**2 * pl.col("n_n")
    fourths = (
        pl.col("k_k_k_k")
        - 4 * share * pl.col("k_k_k_n")
        + 6 * share**2 * pl.col("k_k_n_n")
        - 4 * share**3 * pl.col("k_n_n_n")
        + share**4 * pl.col("n_n_n_n")
    )
    sure = (k == 0) | (k == n) | (units <= FEWEST_FREE) | (units == n)
    free = pl.min_horizontal(squares**2 / fourths + 1, units - 1).clip(lower_bound=float(FEWEST_FREE))
    wider = pl.when(~sure).then(free).map_batches(_quantile, return_dtype=pl.Float64) / REACH
    return (design_effect() * wider.fill_null(1.0) ** 2).alias("design")


def with_shares(counted: pl.DataFrame) -> pl.DataFrame:
    """Return what `count_alike` counted with `design` and `share`, `low`, `high`; null when n is zero.

    The design effect of the intervals is worked out once for all three.

    Args:
        counted: With the columns that `count_alike` makes.
    """
    design = pl.when(pl.col("n") > 0).then(interval_design())
    return counted.with_columns(design=design).with_columns(share_columns(design=pl.col("design")))


FEWEST_FREE = 2
"""Student's quantile of one degree of freedom is that of a distribution without a mean."""


def _quantile(free: pl.Series) -> pl.Series:
    """Return Student's quantile of an interval; null for unknown degrees of freedom."""
    from scipy.special import stdtrit  # scipy stays out of start-up

    return pl.Series(free.name, stdtrit(free.to_numpy(), MIDDLE[1]), nan_to_null=True)


def order_ranks(counts: NDArray[np.int64], quantile: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the ranks (from 0) whose values enclose a quantile with at least that confidence.

    The count of values below a quantile is binomial, so two order statistics enclose it whatever the
    distribution. A rank outside the sample is returned as -1 below and n above: that side is open.

    Args:
        counts: Sample sizes.
        quantile: Between 0 and 1.
    """
    from scipy.stats import binom  # scipy stays out of start-up

    sizes, place = np.unique(counts, return_inverse=True)
    low = np.asarray(binom.ppf(MIDDLE[0], sizes, quantile)).astype(np.int64) - 1
    high = np.asarray(binom.ppf(MIDDLE[1], sizes, quantile)).astype(np.int64)
    return low[place], high[place]


def ratio_interval(
    k: NDArray[np.float64], n: NDArray[np.float64], rest_k: NDArray[np.float64], rest_n: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the ratio of two shares with its interval (log method, half a count added to zeros).

    Args:
        k: Counts inside.
        n: Wholes inside.
        rest_k: Counts outside.
        rest_n: Wholes outside.
    """
    zero = (k == 0) | (rest_k == 0)
    a, c = k + 0.5 * zero, rest_k + 0.5 * zero
    b, d = n + 0.5 * zero, rest_n + 0.5 * zero
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (a / b) / (c / d)
        error = np.sqrt(np.maximum(1 / a - 1 / b + 1 / c - 1 / d, 0))
        return ratio, ratio * np.exp(-REACH * error), ratio * np.exp(REACH * error)


def false_discovery(p: NDArray[np.float64], tests: int | None = None) -> NDArray[np.float64]:
    """Return Benjamini-Hochberg q values, those of `scipy.stats.false_discovery_control`.

    Args:
        p: P values, any order.
        tests: How many were tested in all, when those not listed have p = 1.
    """
    among = max(tests or p.size, p.size) / max(p.size, 1)  # p = 1 raises no q above it but by their number
    order = np.argsort(p, kind="stable")
    raised = np.minimum(p[order], 1.0) * (p.size / np.arange(1, p.size + 1))
    q = np.empty(p.size)
    q[order] = np.minimum.accumulate(raised[::-1])[::-1]
    return np.minimum(np.clip(q, 0.0, 1.0) * among, 1.0)
