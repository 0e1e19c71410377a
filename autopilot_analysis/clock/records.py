"""Event records as the rooms' clock reads them: by channel and record id, and one kind of them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

SERIES = ["member", "channel"]
"""Records of one channel in one file have ids of their own; an exported file may mix two channels."""


SMALLEST_STEP = timedelta(seconds=2)
"""Corrections below this are the time service's ordinary slewing, not a step."""


SLACK = timedelta(seconds=5)


NEARBY = timedelta(minutes=10)
"""Records of a channel without a fall may lie this long before what others wrote on the wrong clock."""


SILENCE = timedelta(days=7)
"""Behind so long a time in which nothing was written, the clock need not be the one that a step set right."""


UNNAMED_STEP = timedelta(minutes=1)
"""A fall of recorded time along record ids that nothing explains counts as a step from here on."""


def field(name: str) -> pl.Expr:
    """Return a named field of an event's data as text, null where the record has none."""
    return pl.col("data").str.json_path_match(f"$.{name}")


def instant(expression: pl.Expr) -> pl.Expr:
    """Return the UTC instants that texts such as 2026-03-02T08:00:00.5Z hold, null where they hold none."""
    text = expression.str.strip_chars().str.strip_suffix("Z").str.replace(" ", "T")
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False).dt.replace_time_zone(
        "UTC"
    )


def of_kind(events: pl.DataFrame, provider: str, event_id: int) -> pl.DataFrame:
    """Return the records of one event of one provider, in any spelling of its name."""
    of_id = events.filter(pl.col("event_id") == event_id)
    if of_id.is_empty():
        return of_id
    return of_id.filter(pl.col("provider").str.to_lowercase() == provider.lower())


def in_series(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows by channel and record id, as they were written."""
    channel = pl.col("channel").cast(pl.String).str.to_lowercase().fill_null("")
    return rows.with_columns(channel=channel).sort(*SERIES, "record")
