"""Events of a trace -> rows of `events`."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import polars as pl

from autopilot_analysis.clock.provenance import DECLARED, NOT_KNOWN
from autopilot_analysis.readers.event_log.event_fields import CODE_FIELD, result_codes
from autopilot_analysis.readers.reading import rows_of
from autopilot_analysis.readers.trace_log.events import TraceEvent
from autopilot_analysis.readers.trace_log.instants import TraceClock
from autopilot_analysis.readers.trace_log.payload.values import Value
from autopilot_analysis.readers.trace_log.providers import spelt
from autopilot_analysis.readers.trace_log.scan import name_of

Decoded = tuple[int, TraceEvent, str | None, dict[str, Value] | None]
"""An event's record number, the event, its name, and its values where they could be decoded."""
_OWN_CODE = (
    '("(?:resultCode|returnCode|hr|HResult|EnrollmentResult)":"?'
    '(?:0x0*[89a-fA-F][0-9a-fA-F]{7}|-[1-9][0-9]{0,9}|[2-4][0-9]{9})[",}])'
)
"""A result that went wrong, in the fields where self-describing events keep theirs."""
_NOBODY = b"\0" * 16


def event_rows(decoded: Iterable[Decoded], clock: TraceClock) -> pl.DataFrame:
    """Return events of one trace as `events`.

    Args:
        decoded: In order of record numbers.
        clock: Of the trace.
    """
    rows = list(decoded)
    events = [event for _, event, _, _ in rows]
    instants = [clock.instant(event.time) for event in events]
    frame = rows_of(
        "events",
        {
            "record": [number for number, *_ in rows],
            "clock": [NOT_KNOWN if instant is None else DECLARED for instant in instants],
            "provider": [name_of(event) for event in events],
            "event_id": [event.event_id for event in events],
            "version": [event.version for event in events],
            "level": [event.level for event in events],
            "process_id": [event.process_id for event in events],
            "thread_id": [event.thread_id for event in events],
            "activity_id": [spelt(e.activity) if e.activity != _NOBODY else None for e in events],
            "data": [_json(values) for *_, values in rows],
            "name": [name for _, _, name, _ in rows],
            "opcode": [event.opcode for event in events],
        },
    )
    coded = frame.select(pl.coalesce(CODE_FIELD, pl.col("data").str.extract(_OWN_CODE))).to_series()
    frame = frame.with_columns(result_codes(coded).alias("code"))
    written = pl.Series("recorded_at", instants, dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))
    return frame.with_columns(written, written.alias("at"))


def _json(values: dict[str, Value] | None) -> str | None:
    return str(msgspec.json.encode(values), "utf-8") if values else None
