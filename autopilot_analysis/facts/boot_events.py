"""The events that count as a start of Windows (facts/boot_events.csv)."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts

SUREST = 1
"""The rank of the events by which the system itself says that it starts; others say so after it."""


def boot_rank() -> pl.Expr:
    """Return the rank of an event that counts as a start of Windows, null for any other event.

    Of the columns `provider` and `event_id`; a device's starts are told by its events of the lowest rank.
    """
    provider = pl.col("provider").str.to_lowercase()
    rows = read_facts("boot_events").select("provider", "event_id", "rank")
    ranks = [
        pl.when(provider == source.lower(), pl.col("event_id") == int(event)).then(int(rank))
        for source, event, rank in rows.iter_rows()
    ]
    return pl.coalesce(ranks)
