"""Apps that a report counts: which of them failed on a larger share of its devices than every other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from autopilot_analysis.findings.service.devices import (
    BY_DEVICE,
    POLICIES_COUNTED,
    counted_on,
    name_of_count,
    subject_of_count,
)
from autopilot_analysis.fleet.explanation.fleet_findings import FLEET
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.lists.differences import MOST, Difference
from autopilot_analysis.fleet.intervals import ratio_interval, share_columns, share_in_words

LEAST_OTHERS = 3
"""Beside fewer other apps nothing says what is usual."""
COUNTED_ALONE = (
    "The report counts devices and names none: no day, no code and no group can be read from it. Apps differ "
    "in how often they fail; this one lies beyond all others."
)


def outstanding_apps(counts: pl.DataFrame) -> Iterator[Difference]:
    """Yield the apps whose share of failures lies above that of every other app, interval above interval.

    Args:
        counts: The table `item_counts`.
    """
    rows = _shares(counts)
    for most in range(MOST, 0, -1):
        above, rest = rows.head(most), rows.slice(most)
        if rest.height < LEAST_OTHERS or min(above["k"].to_list()) < LEAST_HITS_OF_FEW:
            continue
        if min(above["low"].to_list()) > max(rest["high"].to_list()):
            yield from (_outstanding(row, rest) for row in above.iter_rows(named=True))
            return


def are_counted(counts: pl.DataFrame) -> bool:
    """Tell whether enough apps are counted for one of them to stand out.

    Args:
        counts: The table `item_counts`.
    """
    return _shares(counts).height > LEAST_OTHERS


def _shares(counts: pl.DataFrame) -> pl.DataFrame:
    """Return each app that enough devices have, with its share of failures, the largest first."""
    apps = counts.filter((pl.col("report") != POLICIES_COUNTED).fill_null(value=True))
    known = apps.with_columns(k=pl.col("failed").fill_null(0), n=counted_on())
    known = known.filter(pl.col("n") >= SUPPORT).with_columns(*share_columns())
    return known.sort("share", "k", descending=True, maintain_order=True)


def _outstanding(row: dict[str, Any], rest: pl.DataFrame) -> Difference:
    name, k, n = name_of_count(row), int(rest["k"].sum()), int(rest["n"].sum())
    worst = rest.row(0, named=True)
    title = (
        f"{name} failed on {share_in_words(row['k'], row['n'])} devices, the {rest.height} other apps on "
        f"{share_in_words(k, n)}, none of them above {share_in_words(worst['k'], worst['n'])}"
    )
    lift = ratio_interval(*(pl.Series([float(value)]).to_numpy() for value in (row["k"], row["n"], k, n)))
    contrast = {
        "where": json.dumps({"failed": name}, ensure_ascii=False),
        "conditions": 1,
        **{column: row[column] for column in ("n", "k", "share", "low", "high")},
        "rest_n": n,
        "rest_k": k,
        "rest_share": k / n,
        "lift": float(lift[0][0]),
        "lift_low": float(lift[1][0]),
        "lift_high": float(lift[2][0]),
        "q": _chance(row, k, n, rest.height + 1),
    }
    finding = {
        "device": FLEET,
        "rule": "FLEET-GROUP",
        "severity": "high",
        "role": "context",
        "confidence": 1 - contrast["q"],
        "title": title,
        "meaning": COUNTED_ALONE,
        "remedy": BY_DEVICE,
        "item": name,
        "quotes": [title],
    }
    return Difference(subject_of_count(row), finding, contrast=pl.DataFrame([contrast]))


def _chance(row: dict[str, Any], rest_k: int, rest_n: int, apps: int) -> float:
    """Return how often chance shows as much in one of so many apps (Fisher's exact test, Bonferroni)."""
    from scipy.stats import hypergeom  # scipy stays out of start-up

    tail = hypergeom.sf(row["k"] - 1, row["n"] + rest_n, row["k"] + rest_k, row["n"])
    return min(float(tail) * apps, 1.0)
