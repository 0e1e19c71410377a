"""Which number of a list's dates is the day, where the list alone does not show it: other files may."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.readers.captured import Capture
from autopilot_analysis.readers.local_times import DOUBTED

NEAR = timedelta(days=1)
"""A day of another file is the day of a list when it is no further from it: their zones may differ."""
WRITTEN = {"events": ("at", "recorded_at"), "log_lines": ("written_at",)}
"""The columns of a table that hold what a list wrote; the first tells its day."""


def settle_days(frames: dict[str, pl.DataFrame], capture: Capture) -> dict[str, pl.DataFrame]:
    """Return events and lines whose days are those of the device's other files, and forget settled doubts.

    A doubt stays where the other files hold days of both readings, or of none.

    Args:
        frames: Tables of one device.
        capture: What was read of it; settled gaps leave its list.
    """
    doubted = {
        member for member, unread in capture.gaps if member is not None and unread.reason.startswith(DOUBTED)
    }
    if not doubted:
        return frames
    known = _days(frames, pl.col("member").is_in(doubted).not_())
    settled = dict(frames)
    for member in sorted(doubted):
        own = _days(frames, pl.col("member") == member)
        as_read, other = _near(own, known), _near(own.select(day=swapped("day")), known)
        if as_read == other:
            continue
        capture.gaps = [
            gap for gap in capture.gaps if gap[0] != member or not gap[1].reason.startswith(DOUBTED)
        ]
        if other:
            settled = {name: _turned(name, frame, member) for name, frame in settled.items()}
    return settled


def swapped(column: str) -> pl.Expr:
    """Return a date or time with its day and month in each other's place, null where there is no such day.

    Args:
        column: Its name.
    """
    value = pl.col(column)
    day = value.dt.day()
    month = pl.when(day <= 12).then(day)
    turned = value.dt.replace(month=month.fill_null(1), day=value.dt.month())
    return pl.when(month.is_not_null()).then(turned)


def _days(frames: dict[str, pl.DataFrame], rows: pl.Expr) -> pl.DataFrame:
    parts = [
        frames[name].filter(rows).select(day=pl.col(columns[0]).dt.date())
        for name, columns in WRITTEN.items()
    ]
    return pl.concat(parts).drop_nulls().unique()


def _near(own: pl.DataFrame, known: pl.DataFrame) -> bool:
    """Tell whether a day of a list is one of the others' days."""
    either_side = pl.concat([known.select(pl.col("day") + shift) for shift in (-NEAR, NEAR * 0, NEAR)])
    return bool(own.select(pl.col("day").is_in(either_side["day"].implode()).any()).item())


def _turned(name: str, frame: pl.DataFrame, member: str) -> pl.DataFrame:
    """Return a table with the days of one list read the other way."""
    if name not in WRITTEN:
        return frame
    local = (pl.col("member") == member) & (pl.col("clock") == "unknown")
    turned = {
        column: pl.when(local).then(swapped(column)).otherwise(pl.col(column)) for column in WRITTEN[name]
    }
    return frame.with_columns(**turned)
