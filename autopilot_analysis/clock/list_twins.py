"""Events that a list and a log of one export both hold: they tell the list's offset, and are kept once."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock.offsets import OFFSETS

LEAST_IN_COMMON = 3
"""So many events in common show an offset; fewer may meet by chance."""
MOST_OF_A_KIND = 64
"""Events of one kind that are compared; the newest of a list and of a log meet."""
KIND = ["provider", "event_id"]


def twin_offset(listed: pl.DataFrame, events: pl.DataFrame) -> timedelta | None:
    """Return how far a list's local time lies ahead of UTC, by events of the same kind in a log beside it.

    Args:
        listed: Listed events in local time.
        events: Events in UTC.

    Returns:
        The offset at which by far the most events meet, None where none stands out.
    """
    ours, theirs = (_newest(rows) for rows in (listed, events.drop_nulls("at")))
    apart = ours.join(theirs, on=KIND, suffix="_theirs").select(
        seconds=(pl.col("second") - pl.col("second_theirs")).dt.total_seconds()
    )
    possible = (pl.col("seconds") % OFFSETS.step == 0) & (pl.col("seconds").abs() <= OFFSETS[-1])
    counts = apart.filter(possible)["seconds"].value_counts(sort=True)
    votes = [*counts["count"], 0]
    if votes[0] < LEAST_IN_COMMON or votes[0] < 2 * votes[1]:
        return None
    return timedelta(seconds=counts["seconds"][0])


def _newest(rows: pl.DataFrame) -> pl.DataFrame:
    """Return kind and second of events, of each kind the newest."""
    kinds = rows.select(
        pl.col("provider").str.to_lowercase(), "event_id", second=pl.col("recorded_at").dt.truncate("1s")
    )
    ordered = kinds.drop_nulls().unique().sort("second", *KIND, descending=[True, False, False])
    return ordered.group_by(KIND, maintain_order=True).head(MOST_OF_A_KIND)


def without_twins(listed: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return listed events less those that a log holds too, or a list before theirs.

    Args:
        listed: Listed events, placed.
        events: All other events of the device.
    """
    kept, rows, same = [_keys(events)], [], ["kind", "second"]
    for _, own in listed.sort("member", "record").group_by("member", maintain_order=True):
        keyed = own.with_columns(_keys(own))
        rows.append(keyed.join(pl.concat(kept), on=same, how="anti").drop(same))
        kept.append(_keys(own))
    return pl.concat(rows) if rows else listed


def _keys(events: pl.DataFrame) -> pl.DataFrame:
    kind = pl.concat_str(pl.col("provider").str.to_lowercase(), "event_id", separator=":")
    return events.select(kind.alias("kind"), pl.col("at").dt.truncate("1s").alias("second"))
