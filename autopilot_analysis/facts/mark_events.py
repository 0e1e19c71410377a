"""Which event records are which mark (facts/stages.csv), for whoever asks before there are marks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl

from autopilot_analysis.facts import one_each, read_facts


def events_of_marks(marks: Iterable[str]) -> pl.DataFrame:
    """Return the events that are one of some marks: mark, edge, provider, channel, event_id, pattern.

    Args:
        marks: Names of the column `mark`.
    """
    return _events_of(frozenset(marks))


@cache
def _events_of(marks: frozenset[str]) -> pl.DataFrame:
    rows = one_each(read_facts("stages"), "provider").filter(
        pl.col("kind") == "event", pl.col("mark").is_in(marks), pl.col("event_id").is_not_null()
    )
    return rows.select(
        "mark", "edge", "provider", "channel", pl.col("event_id").cast(pl.Int64), "pattern"
    ).unique(maintain_order=True)
