"""The steps of a device's clock: of several records that show one step, one is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl

from autopilot_analysis.clock.faults import StepRow, is_undone, is_unsure, undone_fall, within
from autopilot_analysis.clock.records import SERIES, SLACK
from autopilot_analysis.clock.signs import recorded_steps

SAME_AMOUNT, SAME_TIME = timedelta(seconds=30), timedelta(minutes=30)
"""Two sources that differ by less tell of one step."""


MOST_STEPS = 200
"""Records of steps kept of one device, named and widest first; a genuine one has a handful."""


def find_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Return the clock steps that events tell of, one row a step, in order of time.

    Args:
        events: Rows of `events` with member, channel, record, recorded_at, provider, event_id and data.

    Returns:
        A frame of old_at and new_at (the clock before and after), amount, corrects (whether what was
        recorded before must be moved), member, channel and record of the event that shows it, and fell_to
        (what the clock showed after the fall that this step undoes). Sources: Kernel-General 1,
        Time-Service 261, Autopilot 753/751, else a fall of time along record ids.
    """
    return keep_steps(recorded_steps(events))


def keep_steps(recorded: pl.DataFrame) -> pl.DataFrame:
    """Return one row a step, as `find_steps` does; of more than MOST_STEPS records the widest count.

    A fall that a later step undoes, or that lies at a start, is where the clock went wrong: it corrects
    nothing.

    Args:
        recorded: What `recorded_steps` returned.
    """
    widest = recorded.top_k(MOST_STEPS, by=[pl.col("named"), pl.col("amount").abs()])
    widest_first = widest.sort(pl.col("named"), pl.col("amount").abs(), descending=True)
    rows = list(widest_first.iter_rows(named=True))
    undone = [undone_fall(row, rows) for row in rows]
    found = [
        row
        | {
            "fault": is_unsure(row, rows),
            "fell_at": fall and fall["old_at"],
            "fell_to": fall and fall["new_at"],
        }
        for row, fall in zip(rows, undone, strict=True)
        if not is_undone(row, rows)
    ]
    faults = [
        row | {"fault": True, "fell_at": None, "fell_to": None}
        for row in rows
        if any(row is fall for fall in undone)
    ]
    instant = recorded.schema["old_at"]
    added = {"fault": pl.Boolean(), "fell_at": instant, "fell_to": instant}
    kept = _distinct(found, faults)
    frame = pl.DataFrame(sorted(kept, key=lambda step: _place(step, kept)), schema=recorded.schema | added)
    corrects = ~pl.col("fault") & ((pl.col("amount") < timedelta()) | pl.col("sure"))
    return frame.select(
        "old_at", "new_at", "amount", corrects.alias("corrects"), *SERIES, "record", "fell_to"
    )


def _place(step: StepRow, kept: Iterable[StepRow]) -> tuple[datetime, bool, datetime, str, int]:
    """Return the true instant of a step and what orders those of one instant.

    A fault happened at what the clock showed before it, the step that undoes it at what it showed after, and
    a step that left the clock between the two after the fault.
    """
    if step["fault"]:
        true_at, inside = step["old_at"], False
    elif step["fell_to"] is not None:
        true_at, inside = step["new_at"], False
    else:
        series = [step[name] for name in SERIES]
        later = [
            other
            for other in kept
            if other["fell_to"] is not None
            and within(step, other)
            and (other["record"] > step["record"] or [other[name] for name in SERIES] != series)
        ]
        outer = min(later, key=lambda other: other["new_at"], default=None)
        inside = outer is not None
        true_at = outer["fell_at"] if outer else min(step["old_at"], step["new_at"])
    return true_at, inside, step["new_at"], step["member"], step["record"]


def _distinct(found: Iterable[StepRow], faults: Iterable[StepRow]) -> list[StepRow]:
    """Keep one row of several that tell of one step: the named first, then the widest.

    A fall between records hours apart shows less than the whole step; it tells of a known one when its two
    records lie on the two sides of it. A fall of the channel that shows a fault is one of its own.
    """
    kept = list(faults)
    for step in found:  # a handful of rows
        for other in kept:
            straddles = (
                step["amount"] < timedelta() > other["amount"]
                and other["new_at"] < step["old_at"] <= other["old_at"] + SLACK
                and step["new_at"] >= other["new_at"] - SLACK
            )
            same = abs(step["amount"] - other["amount"]) <= SAME_AMOUNT and (
                abs(step["new_at"] - other["new_at"]) <= SAME_TIME and step["fell_at"] == other["fell_at"]
            )
            own = other["fault"] and all(step[name] == other[name] for name in SERIES)
            if same or (straddles and not step["named"] and not own):
                break
        else:
            kept.append(step)
    return kept
