"""A trace's own clock -> instants in UTC."""

from __future__ import annotations

import msgspec

from autopilot_analysis.readers.trace_log.header import TraceHeader

COUNTER, SYSTEM_TIME = 1, 2
_EPOCH = 116_444_736_000_000_000
"""1970-01-01 in FILETIME."""
_LATEST = 10_000_000 * 86_400 * 365 * 230
"""No instant lies so far behind 1970: a value beyond is damage."""


class TraceClock(msgspec.Struct, frozen=True):
    """Turns raw times of one trace into microseconds since 1970; what no clock explains has no instant."""

    header: TraceHeader | None

    @property
    def explained(self) -> bool:
        """Whether the trace counts time in a way that can be turned into UTC."""
        header = self.header
        if header is None:
            return False
        return header.clock == SYSTEM_TIME or (header.clock == COUNTER and header.frequency > 0)

    def instant(self, raw: int) -> int | None:
        """Return one raw time as microseconds since 1970, or None.

        Args:
            raw: As it stands in a record.
        """
        header = self.header
        if header is None or not self.explained:
            return None
        time = raw
        if header.clock == COUNTER:
            time = header.started + (raw - header.first_tick) * 10_000_000 // header.frequency
        since = time - _EPOCH
        return since // 10 if 0 < since < _LATEST else None


def filetime(value: int) -> int | None:
    """Return a FILETIME as microseconds since 1970, or None when it is not set or beyond reason."""
    since = value - _EPOCH
    return since // 10 if 0 < since < _LATEST else None
