"""Which of polars' engines groups a frame: the one that needs little memory takes longer to begin."""

from __future__ import annotations

from typing import Literal

LARGE = 50_000
"""Rows from which on memory matters more than the millisecond by which the streaming engine begins later."""


def engine_for(rows: int) -> Literal["in-memory", "streaming"]:
    """Return the engine that groups so many rows.

    Args:
        rows: Of the largest frame.
    """
    return "streaming" if rows >= LARGE else "in-memory"
