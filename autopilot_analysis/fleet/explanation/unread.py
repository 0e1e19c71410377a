"""What of a fleet's exports was not read or not understood, for the answer on it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.findings import Line

MOST = 3
"""Gaps that are told one by one."""
MOST_WORDS = 4
"""Words for states that are told one by one."""
UNKNOWN_STATE = r"(?:^|,)unknown_state=([^,]*)"
"""The flag of a row whose state is in a word not known here."""


def strange_states(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts whose state is told in a word that nobody here knows.

    Args:
        deployments: One attempt a row.
    """
    return deployments.filter(
        (pl.col("outcome") == "unknown") & pl.col("flags").str.contains("unknown_state=", literal=True)
    )


def words_of_states(deployments: pl.DataFrame) -> str:
    """Return the words for states that nobody here knows, with how many attempts have each; empty for none.

    Args:
        deployments: One attempt a row.
    """
    words = strange_states(deployments)["flags"].str.extract(UNKNOWN_STATE, 1).drop_nulls().value_counts()
    ordered = sorted(words.iter_rows(), key=lambda one: (-one[1], one[0]))
    more = ", …" if len(ordered) > MOST_WORDS else ""
    return ", ".join(f"{word} {number:,}" for word, number in ordered[:MOST_WORDS]) + more


def how_they_ended_is_unknown(deployments: pl.DataFrame) -> bool:
    """Tell whether of no attempt anything is known of how it ended, nor that it goes on.

    Args:
        deployments: One attempt a row.
    """
    return bool((deployments["outcome"] == "unknown").all())


def tell_unread(gaps: pl.DataFrame, coverage: pl.DataFrame) -> Iterator[Line]:
    """Yield what was not read of lists and reports, which are of no device's own capture, each reason once.

    Args:
        gaps: The table `gaps`.
        coverage: The table `coverage`: its devices have captures of their own.
    """
    captured = coverage.filter(~pl.col("source").is_in(OF_THE_SERVICE))["device"].implode()
    of_lists = gaps.filter(~pl.col("device").is_in(captured).fill_null(value=False))
    reasons = of_lists.unique("reason", keep="first", maintain_order=True)
    for row in reasons.head(MOST).iter_rows(named=True):
        advice = f"; {row['advice']}" if row["advice"] else ""
        yield Line(": ".join(filter(None, (row["member"], f"{row['reason']}{advice}."))))
    if reasons.height > MOST:
        yield Line(f"And {reasons.height - MOST:,} more.")
