"""Event traces (ETL), written byte by byte: a header record, then events in buffers of one size.

The layout follows the public Windows headers (WMI_BUFFER_HEADER, TRACE_LOGFILE_HEADER, EVENT_HEADER,
TRACE_EVENT_INFO) and what genuine traces look like; it shares no line with what reads them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from autopilot_analysis.errors import BadInput
from autopilot_analysis.samples.formats.event_values import filetime
from autopilot_analysis.samples.formats.trace_values import TraceField, describe, in_type, payload

FREQUENCY = 10_000_000
_FIRST_TICK = 4_321_000
"""What the counter shows when a trace starts, soon after the start of the device."""
_BUFFER_HEADER = 72
_DESCRIPTIONS = UUID("bbccf6c1-6cd1-48c4-80ff-839482e37671")
_NOBODY = UUID(int=0)
COUNTER, SYSTEM_TIME = 1, 2


@dataclass(frozen=True)
class TracedEvent:
    """One event as it is to stand in a trace.

    Attributes:
        at: When it happened, UTC.
        provider: Name of the provider; empty for events of a manifest.
        provider_guid: Its GUID.
        name: Name of a self-describing event.
        fields: Of a self-describing event, or of the manifest's template.
        event_id: Of a manifest event; self-describing events have 0.
        version: Of a manifest event.
        level: 1 critical, 2 error, 3 warning, 4 information, 5 verbose.
        opcode: 1 start, 2 stop, else 0.
        activity: Activity, or none.
        related: The activity it began within, or none.
        process_id: Process that wrote it.
        thread_id: Thread that wrote it.
        processor: Each processor fills buffers of its own.
        xml: The payload is this XML element, not fields.
        narrow: Written by a 32-bit process (header of kind 12).
    """

    at: datetime
    provider: str
    provider_guid: UUID
    name: str = ""
    fields: Sequence[TraceField] = ()
    event_id: int = 0
    version: int = 0
    level: int = 4
    opcode: int = 0
    activity: UUID = _NOBODY
    related: UUID | None = None
    process_id: int = 0
    thread_id: int = 0
    processor: int = 0
    xml: str = ""
    narrow: bool = False


@dataclass(frozen=True)
class Template:
    """The description of one manifest event, as merged traces carry it.

    Attributes:
        provider: Name of the provider.
        provider_guid: Its GUID.
        event_id: Of the event.
        version: Of the event.
        fields: Names and types in order; values are not looked at.
    """

    provider: str
    provider_guid: UUID
    event_id: int
    version: int
    fields: Sequence[TraceField]


@dataclass(frozen=True)
class TraceSettings:
    """What a trace's header is to say, and how its buffers are kept.

    Attributes:
        started: When the trace began, UTC.
        booted: When the device started, UTC.
        logger: Name of the session.
        build: Build of Windows.
        bias: Minutes from local time to UTC.
        clock: `COUNTER` or `SYSTEM_TIME`.
        buffer_bytes: Size of every buffer.
        ended: When the trace was closed; None while it is still open.
        ring: Keep the first and so many further buffers, the newest; None keeps all.
        relogged: Whether it was merged from others.
        events_lost: Events that found no room.
        zone_name: Name of the zone, as Windows refers to it.
        file_name: The trace's own path.
    """

    started: datetime
    booted: datetime
    logger: str = "CloudExperienceHostOobe"
    build: int = 22631
    bias: int = 0
    clock: int = COUNTER
    buffer_bytes: int = 0x10000
    ended: datetime | None = None
    ring: int | None = None
    relogged: bool = False
    events_lost: int = 0
    zone_name: str = "@tzres.dll,-262"
    file_name: str = r"C:\Windows\Logs\example.etl"


def write_trace_log(
    events: Sequence[TracedEvent], settings: TraceSettings, *, templates: Sequence[Template] = ()
) -> bytes:
    """Return a whole trace that holds `events` in the order given.

    Args:
        events: By time; each processor's events share buffers.
        settings: What the header says, and how buffers are kept.
        templates: Descriptions that a merged trace carries along.

    Raises:
        BadInput: One record alone is larger than a buffer.
    """
    records = [(0, _template_record(template, settings)) for template in templates]
    records += [(event.processor, _event_record(event, settings)) for event in events]
    head = _header_record(settings, written=0)
    bodies = _bodies([head], records, settings.buffer_bytes)
    if settings.ended:
        bodies[0] = (bodies[0][0], bodies[0][1].replace(head, _header_record(settings, written=len(bodies))))
    buffers = [_buffer(n, processor, body, settings) for n, (processor, body) in enumerate(bodies)]
    return b"".join(_kept(buffers, settings.ring))


def _kept(buffers: list[bytes], ring: int | None) -> list[bytes]:
    """Return what a ring of so many buffers beside the first still holds, in the order of its places."""
    if ring is None or len(buffers) <= ring + 1:
        return buffers
    places = {1 + (n - 1) % ring: buffer for n, buffer in enumerate(buffers) if n}
    return [buffers[0], *(places[place] for place in sorted(places))]


def _bodies(
    first: list[bytes], records: Sequence[tuple[int, bytes]], buffer_bytes: int
) -> list[tuple[int, bytes]]:
    """Return each buffer's processor and its records, in the order in which the buffers became full."""
    room = buffer_bytes - _BUFFER_HEADER
    open_buffers: dict[int, bytes] = {0: b"".join(first)}
    full: list[tuple[int, bytes]] = []
    for processor, record in records:
        held = open_buffers.get(processor, b"")
        held += bytes(-len(held) % 8)
        if len(record) > room:
            raise BadInput(f"a record of {len(record):,} bytes does not fit into a buffer")
        if len(held) + len(record) > room:
            full.append((processor, held))
            held = b""
        open_buffers[processor] = held + record
    return full + sorted(open_buffers.items())


def _buffer(sequence: int, processor: int, body: bytes, settings: TraceSettings) -> bytes:
    used = _BUFFER_HEADER + len(body)
    header = struct.pack(
        "<IIIIqqQHHIIHH16x",
        settings.buffer_bytes,
        used,
        used,
        0,
        _FIRST_TICK,
        sequence,
        0,
        processor,
        1,
        3,
        used,
        0x21 if sequence else 0x20,
        0 if sequence else 4,
    )
    return (header + body).ljust(settings.buffer_bytes, b"\xff")


def _ticks(at: datetime, settings: TraceSettings) -> int:
    """Return an instant as the trace's clock counts it."""
    if settings.clock == SYSTEM_TIME:
        return filetime(at)
    return _FIRST_TICK + (filetime(at) - filetime(settings.started)) * FREQUENCY // 10_000_000


def _header_record(settings: TraceSettings, written: int) -> bytes:
    mode = 0x10001 if settings.relogged else 2 if settings.ring else 1
    ended = filetime(settings.ended) if settings.ended else 0
    zone = struct.pack(
        "<i64s16xi64s16xi",
        settings.bias,
        settings.zone_name.encode("utf-16-le"),
        0,
        settings.zone_name.encode("utf-16-le"),
        0,
    )
    body = struct.pack(
        "<IIIIQIIIIIIII16x",
        settings.buffer_bytes,
        0x0501000A,
        settings.build,
        2,
        ended,
        156250,
        64,
        mode,
        written,
        1,
        8,
        settings.events_lost,
        2400,
    )
    body += zone + bytes(4)
    body += struct.pack(
        "<QqQII", filetime(settings.booted), FREQUENCY, filetime(settings.started), settings.clock, 0
    )
    body += f"{settings.logger}\0{settings.file_name}\0".encode("utf-16-le")
    start = _ticks(settings.started, settings)
    return struct.pack("<HBBHBBIIq8x", 2, 2, 0xC0, 32 + len(body), 0, 0, 4, 4, start) + body


def _event_record(event: TracedEvent, settings: TraceSettings) -> bytes:
    items = list(_items(event))
    body = f"{event.xml}\0".encode("utf-16-le") if event.xml else payload(event.fields)
    extended = b""
    for n, (kind, content) in enumerate(items):
        padded = content + bytes(-len(content) % 8)
        extended += (
            struct.pack("<HHHH", 8 + len(padded), kind, int(n + 1 < len(items)), len(content)) + padded
        )
    header = struct.pack(
        "<HBBHHIIq16sHBBBBHQ8x16s",
        80 + len(extended) + len(body),
        0x12 if event.narrow else 0x13,
        0xC0,
        bool(items),
        bool(event.xml),
        event.thread_id,
        event.process_id,
        _ticks(event.at, settings),
        event.provider_guid.bytes_le,
        event.event_id,
        event.version,
        11 if event.name else 0,
        event.level,
        event.opcode,
        0,
        0x200000000000,
        event.activity.bytes_le,
    )
    return header + extended + body


def _items(event: TracedEvent) -> Iterator[tuple[int, bytes]]:
    """Yield the extended items of an event in the order in which Windows writes them."""
    if event.related:
        yield 1, event.related.bytes_le
    if event.provider:
        name = event.provider.encode("utf-8") + b"\0"
        yield 12, struct.pack("<H", 2 + len(name)) + name
    if event.name:
        yield 11, describe(event.name, event.fields)


def _template_record(template: Template, settings: TraceSettings) -> bytes:
    body = _template(template)
    header = struct.pack(
        "<HBBBBHIIq16s8x",
        48 + len(body),
        0x14,
        0xC0,
        32,
        0,
        0,
        0,
        0,
        _ticks(settings.started, settings),
        _DESCRIPTIONS.bytes_le,
    )
    return header + body


def _template(template: Template) -> bytes:
    """Return a TRACE_EVENT_INFO: a head, one property a field, then the texts that both refer to."""
    fields = template.fields
    names = [one.name for one in fields]
    texts = b""
    offsets = []
    for text in (template.provider, *names):
        offsets.append(112 + 24 * len(fields) + len(texts))
        texts += f"{text}\0".encode("utf-16-le")
    head = template.provider_guid.bytes_le + bytes(16)
    head += struct.pack("<HBBBBHQ", template.event_id, template.version, 0, 4, 0, 0, 0)
    head += struct.pack("<II", 0, offsets[0]) + bytes(44) + struct.pack("<III", len(fields), len(fields), 1)
    properties = b""
    for one, offset in zip(fields, offsets[1:], strict=True):
        by_length = bool(one.length_of)
        length = names.index(one.length_of) if by_length else 0
        properties += struct.pack("<IIHHIHHI", 2 * by_length, offset, in_type(one), 0, 0, 1, length, 0)
    return head + properties + texts
