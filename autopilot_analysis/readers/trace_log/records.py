"""The records of one buffer: each begins at a multiple of 8 and tells its kind and its size."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from struct import Struct

import msgspec


class Kind(IntEnum):
    """What a record's header looks like."""

    SYSTEM = 1
    COMPACT = 2
    CLASSIC = 3
    PERFINFO = 4
    EVENT = 5
    MESSAGE = 6
    OTHER = 7


class Shape(msgspec.Struct, frozen=True):
    """How records of one marker are laid out; offsets count from the record's start."""

    kind: Kind
    size_at: int
    header: int
    time_at: int
    pointer: int


class Damage(msgspec.Struct, frozen=True):
    """Where a record should begin and none does; the rest of its buffer is lost."""

    offset: int


Record = tuple[Shape, int, int]
"""A record's shape, its offset in the file, and its size in bytes without padding."""

_SHAPES = {
    0x01: Shape(Kind.SYSTEM, 4, 32, 16, 4),
    0x02: Shape(Kind.SYSTEM, 4, 32, 16, 8),
    0x03: Shape(Kind.COMPACT, 4, 24, 16, 4),
    0x04: Shape(Kind.COMPACT, 4, 24, 16, 8),
    0x0A: Shape(Kind.CLASSIC, 0, 48, 16, 4),
    0x0B: Shape(Kind.OTHER, 0, 56, 16, 4),
    0x0C: Shape(Kind.OTHER, 0, 48, 16, 8),
    0x0D: Shape(Kind.OTHER, 0, 8, 0, 8),
    0x0E: Shape(Kind.OTHER, 0, 8, 0, 8),
    0x10: Shape(Kind.PERFINFO, 4, 16, 8, 4),
    0x11: Shape(Kind.PERFINFO, 4, 16, 8, 8),
    0x12: Shape(Kind.EVENT, 0, 80, 16, 4),
    0x13: Shape(Kind.EVENT, 0, 80, 16, 8),
    0x14: Shape(Kind.CLASSIC, 0, 48, 16, 8),
    0x15: Shape(Kind.OTHER, 0, 56, 16, 8),
}
_MESSAGE_TIME = 0x08
_BEFORE_TIME = ((0x01, 4), (0x02, 16), (0x04, 4))
"""What lies before the time of a message, by flag, in this order."""
_MESSAGES = [
    Shape(
        Kind.MESSAGE,
        size_at=0,
        header=8,
        time_at=8 + sum(width for bit, width in _BEFORE_TIME if flags & bit) if flags & _MESSAGE_TIME else 0,
        pointer=8,
    )
    for flags in range(256)
]
_START = Struct("<HBBHB")
_TIME = Struct("<q")


def walk_records(content: bytes, begin: int, end: int) -> Iterator[Record | Damage]:
    """Yield the records between two offsets, and at most one damage, behind which nothing is read.

    Args:
        content: The whole file.
        begin: Offset of the first record.
        end: Offset behind the last one.
    """
    start, shapes = _START.unpack_from, _SHAPES
    while begin + 8 <= end:
        size, low, high, other, flags = start(content, begin)
        if high == 0xC0:
            shape = shapes.get(low)
        elif high == 0x90:
            shape = _MESSAGES[flags]
        elif size == 0xFFFF and low == high == 0xFF:
            return
        else:
            shape = None
        if shape is None:
            yield Damage(begin)
            return
        if shape.size_at:
            size = other
        if size < shape.header or begin + size > end:
            yield Damage(begin)
            return
        yield shape, begin, size
        begin += size + 7 & ~7


def raw_time(content: bytes, record: Record) -> int | None:
    """Return a record's time as its clock counted it, or None when it carries none."""
    shape, offset, size = record
    at = shape.time_at
    if not at or at + 8 > size:
        return None
    time: int = _TIME.unpack_from(content, offset + at)[0]
    return time
