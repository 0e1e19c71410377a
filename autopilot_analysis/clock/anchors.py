"""What tells how far local time lay from UTC: instants a log states, and lines that answer events."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from autopilot_analysis.clock.offsets import OFFSETS
from autopilot_analysis.clock.records import of_kind
from autopilot_analysis.facts import read_facts

LEAD = 2
"""So many times the pairs of the next best offset must agree with the best one."""


def _seconds(instants: pl.Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    return instants.drop_nulls().dt.epoch("us").to_numpy() / 1e6


def stated_offsets(lines: pl.DataFrame, kind: str = "log") -> pl.DataFrame:
    """Return lines that state the present instant in UTC, with the offset of local time in seconds.

    Args:
        lines: Rows with member, record, written_at and message, of a log or of events that a list holds.
        kind: Which of the two, as facts/anchors.csv calls it: log or event.
    """
    stated = []
    for fact in read_facts("anchors").filter(pl.col("kind") == kind).iter_rows(named=True):
        hits = lines.filter(pl.col("message").str.contains(fact["literal"], literal=True))
        utc = (
            pl.col("message")
            .str.extract(fact["pattern"])
            .str.to_datetime(fact["format"], time_unit="us", strict=False)
        )
        stated.append(
            hits.select("member", "record", "written_at", off=(pl.col("written_at") - utc).dt.total_seconds())
        )
    rounded = (pl.col("off") / OFFSETS.step).round(0).cast(pl.Int64) * OFFSETS.step
    return (
        pl.concat(stated)
        .drop_nulls()
        .with_columns(offset=rounded)
        .filter((pl.col("off") - pl.col("offset")).abs() <= 60, pl.col("offset").abs() <= OFFSETS[-1])
        .select("member", "record", "written_at", "offset")
    )


def paired_offset(lines: pl.DataFrame, events: pl.DataFrame) -> int | None:
    """Return the one offset, in seconds, at which lines and events answer one another; else None."""
    votes = np.zeros(len(OFFSETS), dtype=np.int64)
    for pair in read_facts("anchor_pairs").iter_rows(named=True):
        kind = of_kind(events, pair["provider"], int(pair["event_id"]))
        if kind.is_empty():
            continue
        named = kind.filter(
            pl.col("data").fill_null("").str.contains(pair["data_contains"] or "", literal=True)
        )
        acts = _seconds(named["at"])
        seconds = _seconds(
            lines.filter(pl.col("message").str.contains(pair["literal"], literal=True))["written_at"]
        )
        acts.sort()
        longest = int(pair["longest_lag_seconds"]) + 1
        early, late = (-longest, 0) if pair["first"] == "event" else (-1, longest - 1)
        for place, offset in enumerate(OFFSETS):  # pairs that stand so close at this offset
            first, latest = (seconds - offset + early, seconds - offset + late)
            votes[place] += (
                np.searchsorted(acts, latest, "right") - np.searchsorted(acts, first, "right")
            ).sum()
    best, second = np.argsort(votes)[:-3:-1]
    if votes[best] == 0 or votes[best] < LEAD * votes[second]:
        return None
    return int(OFFSETS[best])
