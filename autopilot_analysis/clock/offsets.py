"""How far local time may lie from UTC, and by what steps zones differ."""

from __future__ import annotations

from datetime import timedelta

FURTHEST, FURTHEST_BEHIND = timedelta(hours=14), timedelta(hours=12)
"""No local time is further ahead of UTC, and none further behind it."""
APART = FURTHEST + FURTHEST_BEHIND
"""No two zones differ by more."""
BETWEEN_ZONES = timedelta(minutes=15)
"""The offsets of all zones are whole multiples of this."""
_SECONDS = int(FURTHEST.total_seconds())
OFFSETS = range(-_SECONDS, _SECONDS + 1, int(BETWEEN_ZONES.total_seconds()))
"""Every offset that local time is looked for at, in seconds."""
