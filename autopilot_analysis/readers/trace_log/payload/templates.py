"""Descriptions of manifest events that a merged trace carries with it.

Facts: TRACE_EVENT_INFO and EVENT_PROPERTY_INFO of the public Windows headers (tdh.h).
"""

from __future__ import annotations

import struct
from uuid import UUID

from autopilot_analysis.readers.trace_log.payload.layout import (
    DEEPEST,
    MOST_FIELDS,
    STRUCT,
    Field,
    Layout,
    Misfit,
    distinct,
)
from autopilot_analysis.readers.trace_log.payload.values import wide_text

METADATA = UUID("bbccf6c1-6cd1-48c4-80ff-839482e37671").bytes_le
"""The provider of such descriptions (EventTraceMetadata)."""
EVENT_INFO = 32
"""The opcode of a description of one event."""

Key = tuple[bytes, int, int]
"""A provider's GUID as it lies in a file, an event's id and its version."""

_HEAD = 112
_PROPERTY = struct.Struct("<IIHHIHHI")
_IN_STRUCT, _LENGTH_OF, _COUNT_OF, _FIXED_COUNT = 1, 2, 4, 0x40
_LONGEST = 1024
"""Bytes of a name; none is longer."""


def read_template(payload: bytes) -> tuple[Key, Layout] | None:
    """Return which event a description is of and what it says, or None when it breaks its rules.

    The names it gives to tasks and opcodes are in the language of the machine, and left out.

    Args:
        payload: Of a record of `METADATA` with the opcode `EVENT_INFO`.
    """
    if len(payload) < _HEAD:
        return None
    event, version = struct.unpack_from("<HB", payload, 32)
    try:
        fields = _Properties(payload).fields()
    except (Misfit, struct.error):
        return None
    return (payload[:16], event, version), Layout("", fields, _text(payload, _u32(payload, 52)))


class _Properties:
    """The properties of one description; members of structs lie behind those of the top."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._count, self._top = struct.unpack_from("<II", payload, 100)
        self._used: set[int] = set()

    def fields(self) -> tuple[Field, ...]:
        room = min(MOST_FIELDS, (len(self._payload) - _HEAD) // _PROPERTY.size)
        if not self._top <= self._count <= room:
            raise Misfit("more properties than there is room for")
        return self._range(0, self._top, 0)

    def _range(self, first: int, count: int, depth: int) -> tuple[Field, ...]:
        if first + count > self._count or depth > DEEPEST:
            raise Misfit("members where there are none")
        return distinct(self._field(index, first, depth) for index in range(first, first + count))

    def _field(self, index: int, first: int, depth: int) -> Field:
        """Return one property; each may be a member once, or a small description would grow without end."""
        if index in self._used:
            raise Misfit("a property that belongs to two")
        self._used.add(index)
        flags, name, kind, out, _, count, length, _ = _PROPERTY.unpack_from(
            self._payload, _HEAD + index * _PROPERTY.size
        )
        members = self._range(kind, out, depth + 1) if flags & _IN_STRUCT else ()
        return Field(
            name=_text(self._payload, name),
            kind=STRUCT if members else kind,
            out=0 if members else out,
            members=members,
            array=bool(flags & (_COUNT_OF | _FIXED_COUNT)) or count > 1,
            count=count,
            count_of=_earlier(count, index, first) if flags & _COUNT_OF else None,
            length=None if flags & _LENGTH_OF else length,
            length_of=_earlier(length, index, first) if flags & _LENGTH_OF else None,
        )


def _earlier(index: int, own: int, first: int) -> int:
    """Return where among its neighbours an earlier property stands."""
    if not first <= index < own:
        raise Misfit("a length that stands elsewhere")
    return index - first


def _u32(payload: bytes, at: int) -> int:
    return int.from_bytes(payload[at : at + 4], "little")


def _text(payload: bytes, at: int) -> str:
    """Return the UTF-16 text at an offset, 0 meaning none."""
    return wide_text(payload[: at + _LONGEST], at)[0].strip() if at else ""
