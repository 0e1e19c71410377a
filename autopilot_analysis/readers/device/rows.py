"""The rows that tell of a device: facts by their name, events that are a mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from autopilot_analysis.facts.listed_objects import UNCLAIMED
from autopilot_analysis.facts.mark_events import events_of_marks


def named(frame: pl.DataFrame, columns: Sequence[str], names: Iterable[str]) -> pl.DataFrame:
    """Return place and name, both in lower case, and value of the rows whose name fits one of `names`.

    Args:
        frame: Rows of properties or of the registry.
        columns: Which of its columns are place, name and value.
        names: Patterns, in lower case.
    """
    place, name, value = (pl.col(column) for column in columns)
    fits = name.str.contains(f"(?i){'|'.join(names)}") & ~place.str.starts_with(UNCLAIMED)
    return frame.filter(fits).select(
        place=place.str.to_lowercase(), name=name.str.to_lowercase(), value=value
    )


def marked(events: pl.DataFrame, marks: Iterable[str]) -> pl.DataFrame:
    """Return the events that are one of some marks, with `mark` and `edge`, in order of time.

    Args:
        events: Rows of `events`.
        marks: Of facts/stages.csv.
    """
    facts = events_of_marks(marks)
    rows = events.filter(pl.col("event_id").is_in(facts["event_id"].unique().implode()))
    low = [pl.col(name).cast(pl.String).str.to_lowercase() for name in ("provider", "channel")]
    found = rows.with_columns(low).join(facts.rename({"channel": "in_channel"}), on=["provider", "event_id"])
    if found.is_empty():
        return found
    channel, pattern = pl.col("in_channel"), pl.col("pattern")
    return found.filter(
        channel.is_null() | pl.col("channel").str.contains(channel),
        pattern.is_null() | pl.col("data").fill_null("").str.contains(pattern),
    ).sort("at", "record", nulls_last=False)
