"""The steps of a device's clock: of several records that show one step, one is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis.clock.records import SERIES, SLACK
from autopilot_analysis.clock.signs import told_steps

SAME_AMOUNT, SAME_TIME = timedelta(seconds=30), timedelta(minutes=30)
"""Two sources that differ by less tell of one step."""


MOST_STEPS = 200
"""Records of steps kept of one device, named and widest first; a genuine one has a handful."""


def find_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Return the clock steps that events tell of, one row a step, in order of time.

    Args:
        events: Rows of `events` with member, channel, record, recorded_at, provider, event_id and data.

    Returns:
        A frame of old_at and new_at (the clock before and after), amount, member, channel and record of
        the event that shows it, and corrects: whether what was recorded before must be moved. Sources:
        Kernel-General 1, Time-Service 261, Autopilot 753/751, else a fall of time along record ids.
    """
    return keep_steps(told_steps(events))


def keep_steps(recorded: pl.DataFrame) -> pl.DataFrame:
    """Return one row a step, as `find_steps` does; of more than MOST_STEPS records the widest count.

    Args:
        recorded: What `told_steps` returned.
    """
    return (
        _told_apart(recorded.top_k(MOST_STEPS, by=[pl.col("named"), pl.col("amount").abs()]))
        .with_columns(corrects=(pl.col("amount") < timedelta()) | pl.col("sure"))
        .select("old_at", "new_at", "amount", "corrects", *SERIES, "record")
        .sort(pl.min_horizontal("old_at", "new_at"), "member", "record")
    )


def _told_apart(found: pl.DataFrame) -> pl.DataFrame:
    """Keep one row of several that tell of one step: the named first, then the widest.

    A fall between records hours apart shows less than the whole step; it tells of a known one when its two
    records lie on the two sides of it.
    """
    kept: list[dict[str, Any]] = []
    widest_first = found.sort(pl.col("named"), pl.col("amount").abs(), descending=True)
    for step in widest_first.iter_rows(named=True):  # a handful of rows
        for other in kept:
            straddles = (
                step["amount"] < timedelta() > other["amount"]
                and other["new_at"] < step["old_at"] <= other["old_at"] + SLACK
                and step["new_at"] >= other["new_at"] - SLACK
            )
            same = abs(step["amount"] - other["amount"]) <= SAME_AMOUNT and (
                abs(step["new_at"] - other["new_at"]) <= SAME_TIME
            )
            if same or (straddles and not step["named"]):
                break
        else:
            kept.append(step)
    return pl.DataFrame(kept, schema=found.schema)
