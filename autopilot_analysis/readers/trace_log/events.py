"""Event records -> who wrote them, what they are called, and where their payload lies."""

from __future__ import annotations

import struct

import msgspec

from autopilot_analysis.readers.trace_log.records import Record

_EVENT = struct.Struct("<4xHHIIq16sHBBBBHQ8x16s")
_NAME = struct.Struct("<4xH18x16sH3xB")
_ITEM = struct.Struct("<2xHHH")
_EXTENDED = 1
_XML = 1
_RELATED, _SCHEMA, _TRAITS = 1, 11, 12
_MOST_ITEMS = 64

EventName = tuple[bytes, int, int, bytes, bytes]
"""Provider, event id, opcode, an event's own description, and its provider's traits."""


class TraceEvent(msgspec.Struct, frozen=True):
    """One event record, its payload not yet decoded."""

    provider: bytes
    """Its GUID as it lies in the file."""
    event_id: int
    version: int
    level: int
    opcode: int
    process_id: int
    thread_id: int
    activity: bytes
    time: int
    schema: bytes
    """What a self-describing event says of itself; empty for events of a manifest."""
    traits: bytes
    related: bytes
    xml: bool
    """Whether the payload is one XML element."""
    payload: bytes
    pointer: int


def read_event(content: bytes, record: Record) -> TraceEvent | None:
    """Return one record of kind EVENT, or None when its extended items run over its end.

    Args:
        content: The whole file.
        record: Where the record lies.
    """
    shape, offset, size = record
    (
        flags,
        properties,
        thread,
        process,
        time,
        provider,
        event_id,
        version,
        _,
        level,
        opcode,
        _,
        _,
        activity,
    ) = _EVENT.unpack_from(content, offset)
    begin, end = offset + shape.header, offset + size
    items: dict[int, bytes] = {}
    if flags & _EXTENDED:
        behind = _extended(content, begin, end, items)
        if behind is None:
            return None
        begin = behind
    return TraceEvent(
        provider=provider,
        event_id=event_id,
        version=version,
        level=level,
        opcode=opcode,
        process_id=process,
        thread_id=thread,
        activity=activity,
        time=time,
        schema=items.get(_SCHEMA, b""),
        traits=items.get(_TRAITS, b""),
        related=items.get(_RELATED, b""),
        xml=bool(properties & _XML),
        payload=content[begin:end],
        pointer=shape.pointer,
    )


def read_name(content: bytes, record: Record) -> EventName | None:
    """Return what tells one kind of event from another, or None when its extended items run over its end.

    Nearly all events of a trace are counted only, and this is all that counting needs.

    Args:
        content: The whole file.
        record: Where a record of kind EVENT lies.
    """
    shape, offset, size = record
    flags, provider, event_id, opcode = _NAME.unpack_from(content, offset)
    items: dict[int, bytes] = {}
    if flags & _EXTENDED and _extended(content, offset + shape.header, offset + size, items) is None:
        return None
    return provider, event_id, opcode, items.get(_SCHEMA, b""), items.get(_TRAITS, b"")


def _extended(content: bytes, at: int, end: int, items: dict[int, bytes]) -> int | None:
    """Fill `items` by their type and return the offset behind them, or None when they do not fit."""
    for _ in range(_MOST_ITEMS):
        if at + _ITEM.size > end:
            return None
        kind, linkage, length = _ITEM.unpack_from(content, at)
        begin = at + _ITEM.size
        at = begin + (length + 7 & ~7)
        if at > end:
            return None
        items.setdefault(kind, content[begin : begin + length])
        if not linkage & 1:
            return at
    return None
