"""One pass over a trace: every record counted, those that will become rows kept, descriptions collected."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from operator import itemgetter

import polars as pl

from autopilot_analysis.readers.trace_log.buffers import Buffer, Hole, walk_buffers
from autopilot_analysis.readers.trace_log.events import TraceEvent, read_event
from autopilot_analysis.readers.trace_log.header import TraceHeader, read_header
from autopilot_analysis.readers.trace_log.layout import Layout
from autopilot_analysis.readers.trace_log.providers import becomes_row, known_name, spelt
from autopilot_analysis.readers.trace_log.records import Damage, Kind, Record, raw_time, walk_records
from autopilot_analysis.readers.trace_log.self_described import event_layout, provider_name
from autopilot_analysis.readers.trace_log.templates import EVENT_INFO, METADATA, Key, read_template

_EVENT, _CLASSIC = Kind.EVENT, Kind.CLASSIC
MOST_EVENTS = 500_000
"""So many events of one trace become rows; genuine ones hold up to some ten thousand."""


@dataclass
class Buffers:
    """What is known of the buffers of one trace."""

    kept: int = 0
    compressed: int = 0
    cut: int = 0
    sequences: set[int] = field(default_factory=set)
    holes: list[Hole] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)

    @property
    def highest(self) -> int:
        """The highest sequence number; they count from 0."""
        return max(self.sequences, default=-1)


@dataclass
class Scan:
    """What one trace holds, its payloads not yet decoded."""

    header: TraceHeader | None = None
    buffers: Buffers = field(default_factory=Buffers)
    kinds: Counter[Kind] = field(default_factory=Counter)
    census: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """Events by provider, name (or id) and opcode."""
    left: Counter[str] = field(default_factory=Counter)
    """Events that do not become rows, by provider."""
    beyond: int = 0
    """Events that would become rows, behind the first `MOST_EVENTS`."""
    broken: int = 0
    """Events whose own description, or whose header, breaks its rules."""
    events: list[tuple[int, TraceEvent]] = field(default_factory=list)
    """Those that become rows, in order of time, with their record numbers."""
    templates: dict[Key, Layout] = field(default_factory=dict)


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
    times = array("q")
    for buffer in walk_buffers(content, member):
        if isinstance(buffer, Hole):
            scan.buffers.holes.append(buffer)
        else:
            _read_buffer(content, buffer, scan, times)
    ranks = pl.Series(times, dtype=pl.Int64).rank("ordinal")
    numbers = ranks.gather([place for place, _ in scan.events]).to_list()
    scan.events = sorted(
        ((number, event) for number, (_, event) in zip(numbers, scan.events, strict=True)),
        key=itemgetter(0),
    )
    return scan


def _read_buffer(content: bytes, buffer: Buffer, scan: Scan, times: array[int]) -> None:
    buffers = scan.buffers
    buffers.kept += 1
    buffers.cut += buffer.cut
    buffers.sequences.add(buffer.sequence)
    if buffer.compressed:
        buffers.compressed += 1
        return
    tally = [0] * (max(Kind) + 1)  # an enumeration's own hash would cost more than all the rest
    for record in walk_records(content, buffer.begin, buffer.end):
        if isinstance(record, Damage):
            buffers.damage.append(record)
            break
        time = raw_time(content, record)
        if scan.header is None and not times:
            scan.header = read_header(content, record, time or 0)
        kind = record[0].kind
        tally[kind] += 1
        if kind is _EVENT:
            _read_event(content, record, scan, len(times))
        elif kind is _CLASSIC:
            _describe(content, record, scan)
        times.append(time if time is not None else times[-1] if times else 0)
    scan.kinds.update({kind: tally[kind] for kind in Kind if tally[kind]})


def _read_event(content: bytes, record: Record, scan: Scan, place: int) -> None:
    """Count one event, and keep it when its provider is listed."""
    event = read_event(content, record)
    if event is None:
        scan.broken += 1
        return
    name = str(event.event_id)
    if event.schema:
        layout = event_layout(event.schema)
        if layout is None:
            scan.broken += 1
            return
        name = layout.name
    provider = name_of(event)
    scan.census[provider, name, event.opcode] += 1
    if not becomes_row(event.provider, name):
        scan.left[provider] += 1
    elif len(scan.events) < MOST_EVENTS:
        scan.events.append((place, event))
    else:
        scan.beyond += 1


def name_of(event: TraceEvent) -> str:
    """Return the name of an event's provider: its own, else the registered one, else its GUID."""
    own = provider_name(event.traits) if event.schema else ""
    return own or known_name(event.provider) or spelt(event.provider)


def _describe(content: bytes, record: Record, scan: Scan) -> None:
    """Collect the description that a classic record may hold."""
    shape, offset, size = record
    if content[offset + 4] == EVENT_INFO and content[offset + 24 : offset + 40] == METADATA:
        template = read_template(content[offset + shape.header : offset + size])
        if template is not None:
            scan.templates.setdefault(*template)
