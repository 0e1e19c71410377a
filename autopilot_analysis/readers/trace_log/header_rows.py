"""What a trace's header says -> `properties`, under the section "trace header"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.reading import rows_of
from autopilot_analysis.readers.trace_log.header import TraceHeader
from autopilot_analysis.readers.trace_log.instants import COUNTER, SYSTEM_TIME, filetime

SECTION = "trace header"
COUNTS = "Clock"
"""The property that says what a trace's clock counts."""
COUNTER_NAME = "counter"
BOOTED = "Device started"
OOBE_SESSION = "CloudExperienceHostOobe"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS = {COUNTER: COUNTER_NAME, SYSTEM_TIME: "system time", 3: "processor cycles"}


def header_rows(header: TraceHeader) -> pl.DataFrame:
    """Return the facts of one header as `properties`; what it leaves open has no row.

    Args:
        header: Of the trace.
    """
    values = {
        "Session": header.logger,
        "File": header.file_name,
        "Trace build": str(header.build) if header.build else None,
        BOOTED: _spelt(header.booted),
        "Trace started": _spelt(header.started),
        "Trace ended": _spelt(header.ended),
        "Clock": _CLOCKS.get(header.clock, str(header.clock)),
        "Minutes from local time to UTC": str(header.zone.bias),
        _zone_property(header): zone_of(header.zone.name),
        "Buffers written": str(header.buffers_written),
        "Events lost": str(header.events_lost),
        "Buffers lost": str(header.buffers_lost),
    }
    filled = [(name, value) for name, value in values.items() if value]
    return rows_of(
        "properties",
        {
            "record": [1] * len(filled),
            "section": [SECTION] * len(filled),
            "name": [name for name, _ in filled],
            "value": [value for _, value in filled],
        },
    )


def zone_of(resource: str) -> str | None:
    """Return the Windows time zone that a resource such as "@tzres.dll,-112" names, or None.

    Args:
        resource: The zone's name as a header holds it.
    """
    known = dict(read_facts("zone_resources").select("resource", "zone").iter_rows())
    return known.get(resource.lower())


def _zone_property(header: TraceHeader) -> str:
    """Return under which name the zone is told: during OOBE it may not be the right one yet."""
    return "OOBE zone" if header.logger == OOBE_SESSION else "Zone"


def _spelt(value: int) -> str | None:
    instant = filetime(value)
    if instant is None:
        return None
    return (_EPOCH + timedelta(microseconds=instant)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
