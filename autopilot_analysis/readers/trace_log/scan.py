"""One pass over a trace: every record counted, those that will become rows kept, descriptions collected."""

from __future__ import annotations

from array import array
from collections import Counter
from functools import lru_cache
from operator import itemgetter

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.readers.trace_log.buffers import Buffer, Hole, walk_buffers
from autopilot_analysis.readers.trace_log.events import TraceEvent, read_event, read_name
from autopilot_analysis.readers.trace_log.header import TraceHeader, read_header
from autopilot_analysis.readers.trace_log.payload.layout import Layout
from autopilot_analysis.readers.trace_log.payload.self_described import event_layout, provider_name
from autopilot_analysis.readers.trace_log.payload.templates import EVENT_INFO, METADATA, Key, read_template
from autopilot_analysis.readers.trace_log.providers import becomes_row, known_name, spelt
from autopilot_analysis.readers.trace_log.records import Damage, Kind, Record, raw_time, walk_records

_EVENT, _CLASSIC = Kind.EVENT, Kind.CLASSIC
MOST_EVENTS = 500_000
"""So many events of one trace become rows; genuine ones hold up to some ten thousand."""


class Buffers(msgspec.Struct):
    """What is known of the buffers of one trace."""

    kept: int = 0
    compressed: int = 0
    cut: int = 0
    sequences: set[int] = msgspec.field(default_factory=set)
    holes: list[Hole] = msgspec.field(default_factory=list)
    damage: list[Damage] = msgspec.field(default_factory=list)

    @property
    def highest(self) -> int:
        """The highest sequence number; they count from 0."""
        return max(self.sequences, default=-1)


class Scan(msgspec.Struct):
    """What one trace holds, its payloads not yet decoded."""

    header: TraceHeader | None = None
    buffers: Buffers = msgspec.field(default_factory=Buffers)
    kinds: Counter[Kind] = msgspec.field(default_factory=Counter)
    census: Counter[tuple[str, str, int]] = msgspec.field(default_factory=Counter)
    """Events by provider, name (or id) and opcode."""
    left: Counter[str] = msgspec.field(default_factory=Counter)
    """Events that do not become rows, by provider."""
    beyond: int = 0
    """Events that would become rows, behind the first `MOST_EVENTS`."""
    broken: int = 0
    """Events whose own description, or whose header, breaks its rules."""
    events: list[tuple[int, TraceEvent]] = msgspec.field(default_factory=list)
    """Those that become rows, in order of time, with their record numbers."""
    templates: dict[Key, Layout] = msgspec.field(default_factory=dict)


def scan_trace(content: bytes, member: str = "") -> Scan:
    """Walk a whole trace once.

    Records are numbered from 1 in the order of their times, as Windows' own tools list them.

    Args:
        content: The whole file, sound, cut or damaged.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The bytes hold no buffer of a trace.
    """
    scan = Scan()
    places = array("q")
    for buffer in walk_buffers(content, member):
        if isinstance(buffer, Hole):
            scan.buffers.holes.append(buffer)
        else:
            _read_buffer(content, buffer, scan, places)
    if scan.events:
        ranks = pl.Series(_times(content, places)).rank("ordinal")
        numbers = ranks.gather([place for place, _ in scan.events]).to_list()
        numbered = ((number, event) for number, (_, event) in zip(numbers, scan.events, strict=True))
        scan.events = sorted(numbered, key=itemgetter(0))
    return scan


def _times(content: bytes, places: array[int]) -> NDArray[np.int64]:
    """Return the times that lie at some places; a record without one has that of the record before it.

    Args:
        content: The whole file.
        places: Offsets in it, -1 where a record carries no time.
    """
    at = np.asarray(places, np.int64)
    last = np.maximum.accumulate(np.where(at >= 0, np.arange(len(at)), -1))
    anywhere = np.ndarray((len(content) - 7,), "<i8", content, strides=(1,))
    return np.where(last >= 0, anywhere[at[last]], 0)


def _read_buffer(content: bytes, buffer: Buffer, scan: Scan, places: array[int]) -> None:
    buffers = scan.buffers
    buffers.kept += 1
    buffers.cut += buffer.cut
    buffers.sequences.add(buffer.sequence)
    if buffer.compressed:
        buffers.compressed += 1
        return
    tally = [0] * (max(Kind) + 1)  # an enumeration's own hash would cost more than all the rest
    for record in walk_records(content, buffer.begin, buffer.end):
        if not isinstance(record, tuple):  # asking for a struct costs as much as walking to the next record
            buffers.damage.append(record)
            break
        shape, offset, size = record
        if scan.header is None and not places:
            scan.header = read_header(content, record, raw_time(content, record) or 0)
        kind, time_at = shape.kind, shape.time_at
        tally[kind] += 1
        if kind is _EVENT:
            _read_event(content, record, scan, len(places))
        elif kind is _CLASSIC:
            _describe(content, record, scan)
        places.append(offset + time_at if time_at and time_at + 8 <= size else -1)
    scan.kinds.update({kind: tally[kind] for kind in Kind if tally[kind]})


def _read_event(content: bytes, record: Record, scan: Scan, place: int) -> None:
    """Count one event, and keep it when its provider is listed."""
    event = read_name(content, record)
    if event is None:
        scan.broken += 1
        return
    provider, event_id, opcode, schema, traits = event
    counted = _counted(provider, event_id, schema, traits)
    if counted is None:
        scan.broken += 1
        return
    name, whose, kept = counted
    scan.census[whose, name, opcode] += 1
    if not kept:
        scan.left[whose] += 1
    elif len(scan.events) < MOST_EVENTS:
        whole = read_event(content, record)
        if whole is not None:
            scan.events.append((place, whole))
    else:
        scan.beyond += 1


@lru_cache(maxsize=4096)
def _counted(provider: bytes, event_id: int, schema: bytes, traits: bytes) -> tuple[str, str, bool] | None:
    """Return an event's name, its provider's, and whether it becomes a row; None for a broken description."""
    name = str(event_id)
    if schema:
        layout = event_layout(schema)
        if layout is None:
            return None
        name = layout.name
    return name, _provider(provider, schema, traits), becomes_row(provider, name)


def name_of(event: TraceEvent) -> str:
    """Return the name of an event's provider: its own, else the registered one, else its GUID."""
    return _provider(event.provider, event.schema, event.traits)


def _provider(provider: bytes, schema: bytes, traits: bytes) -> str:
    own = provider_name(traits) if schema else ""
    return own or known_name(provider) or spelt(provider)


def _describe(content: bytes, record: Record, scan: Scan) -> None:
    """Collect the description that a classic record may hold."""
    shape, offset, size = record
    if content[offset + 4] == EVENT_INFO and content[offset + 24 : offset + 40] == METADATA:
        template = read_template(content[offset + shape.header : offset + size])
        if template is not None:
            scan.templates.setdefault(*template)
