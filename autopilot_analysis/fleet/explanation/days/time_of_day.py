"""Hours of the day at which attempts were hit more often, on many days: of all, and within a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis import wording
from autopilot_analysis.fleet.chances import log_at_least
from autopilot_analysis.fleet.explanation.days.series import FALSE_ALARM
from autopilot_analysis.fleet.explanation.groups.counting import LEAST_HITS
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.groups import Group

HOURS_OF_DAY: dict[str, pl.DataType | type[pl.DataType]] = {
    "where": pl.String,
    "first": pl.Int64,
    "until": pl.Int64,
    "n": pl.Int64,
    "k": pl.Int64,
    "rest_n": pl.Int64,
    "rest_k": pl.Int64,
    "q": pl.Float64,
}
LONGEST = 12
"""Longer than so many hours is no part of a day."""
LEAST_BESIDE = 12
"""Hours with fewer attempts, or that leave fewer to the others, are not looked at."""
LEAST_DAYS = 3
"""Hours with hits on fewer days are an outage, which has a date."""
LEAST_FACTOR = 1.5
"""The share of hits at these hours is at least so many times that at the others."""
OF_A_DAY = 24


def find_hours(groups: Iterable[tuple[Group, pl.DataFrame]]) -> pl.DataFrame:
    """Return the hours of the day, in UTC, at which units of a group were hit more often than at others.

    Every run of hours is compared with the others of the day by Fisher's exact test, and the chance counts
    every run of every group (Bonferroni). They must come out without the day that has most hits too: what
    happened once has a date and no hour of the day.

    Args:
        groups: Groups and their units, with `started_at`, `day` and `hit`.
    """
    asked = list(groups)
    rows = []
    for where, units in asked:
        if (row := _hours(where, units.drop_nulls("started_at"), len(asked))) is not None:
            rows.append(row)
    return pl.DataFrame(rows, schema=HOURS_OF_DAY)


def hours_in_words(row: dict[str, Any], outcome: str) -> str:
    """Return hours of the day in a sentence: "profile Office, every day from 12:00 to 16:00 UTC: …".

    Args:
        row: One of what `find_hours` returned.
        outcome: What was asked.
    """
    group = wording.group(Group.parse(row["where"]))
    here, others = share_in_words(row["k"], row["n"]), share_in_words(row["rest_k"], row["rest_n"])
    times = wording.in_zone(f"every day from {row['first']:02}:00 to {row['until']:02}:00")
    return f"{group}, {times}: {here} {wording.words(outcome)}, at other hours {others}"


def _hours(where: Group, units: pl.DataFrame, asked: int) -> dict[str, Any] | None:
    counted = _counted(units)
    best = _best(*counted, asked)
    if best is None:
        return None
    first, length, n, k, p = best
    within = (pl.col("started_at").dt.hour() - first) % OF_A_DAY < length
    days = units.filter(within, pl.col("hit") > 0)["day"].value_counts(sort=True)
    without = units.filter(pl.col("day") != days["day"][0])
    again = _best(*_counted(without), asked)
    if days.height < LEAST_DAYS or again is None:
        return None
    rest_n, rest_k = (int(each.sum()) - own for each, own in zip(counted, (n, k), strict=True))
    until = (first + length) % OF_A_DAY or OF_A_DAY
    return {
        "where": where.to_json(),
        "first": first,
        "until": until,
        "n": n,
        "k": k,
        "rest_n": rest_n,
        "rest_k": rest_k,
        "q": p,
    }


def _counted(units: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many units began in each hour of the day, and how many of them were hit."""
    hours = units["started_at"].dt.hour().cast(pl.Int64).to_numpy()
    hits = hours[units["hit"].to_numpy() > 0]
    return np.bincount(hours, minlength=OF_A_DAY), np.bincount(hits, minlength=OF_A_DAY)


def _best(n: NDArray[np.int64], k: NDArray[np.int64], asked: int) -> tuple[int, int, int, int, float] | None:
    """Return first hour, length, units, hits and chance of the surest run of hours, None where no run is."""
    runs = [(first, length) for first in range(OF_A_DAY) for length in range(1, LONGEST + 1)]
    sums = [np.concatenate([[0], np.concatenate([each, each]).cumsum()]) for each in (n, k)]
    own_n, own_k = (np.array([each[first + length] - each[first] for first, length in runs]) for each in sums)
    rest_n, rest_k = n.sum() - own_n, k.sum() - own_k
    usable = (own_n >= LEAST_BESIDE) & (rest_n >= LEAST_BESIDE) & (own_k >= LEAST_HITS)
    usable &= np.array([n[first] > 0 < n[(first + length - 1) % OF_A_DAY] for first, length in runs])
    usable &= own_k * np.maximum(rest_n, 1) >= LEAST_FACTOR * rest_k * own_n
    if not usable.any():
        return None
    place = int(np.where(usable, _gain(own_n, own_k) + _gain(rest_n, rest_k), -np.inf).argmax())
    log_p = log_at_least(own_k[place], n.sum(), k.sum(), own_n[place])
    p = float(np.exp(log_p)) * len(runs) * asked
    if p >= FALSE_ALARM:
        return None
    return *runs[place], int(own_n[place]), int(own_k[place]), p


def _gain(n: NDArray[np.int64], k: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the log-likelihood of hits at their own share, so much the larger the more two shares differ."""
    from scipy.special import xlogy  # scipy stays out of start-up

    share = k / np.maximum(n, 1)
    return np.asarray(xlogy(k, share) + xlogy(n - k, 1 - share))
