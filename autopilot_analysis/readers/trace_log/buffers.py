"""The file structure of an event trace: a row of buffers of one size, each readable without the others.

Facts: WMI_BUFFER_HEADER of the public Windows headers.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator

import msgspec

from autopilot_analysis.errors import NotThisFormat

HEADER_BYTES = 72
LEAST_BYTES = 1024
"""Windows counts the size of buffers in kilobytes."""
MOST_BYTES = 64 << 20
EVENTS_LOST = 2
BUFFER_LOST = 4
COMPRESSED = 0x40

_HEADER = struct.Struct("<I20xq16xIHH16x")


class Buffer(msgspec.Struct, frozen=True):
    """One buffer: where its records lie, and what its header says of it."""

    offset: int
    begin: int
    end: int
    """Behind its last record, within the file."""
    sequence: int
    flags: int
    cut: bool
    """Whether it uses more bytes than the file or the buffer itself holds."""

    @property
    def compressed(self) -> bool:
        """Whether its records are packed, which this package does not unpack."""
        return bool(self.flags & COMPRESSED)


class Hole(msgspec.Struct, frozen=True):
    """A stretch of the file where a buffer should begin and none does."""

    offset: int
    size: int


def walk_buffers(content: bytes, member: str = "") -> Iterator[Buffer | Hole]:
    """Yield the buffers of a trace in file order, and the stretches between them that are none.

    Args:
        content: The whole file, sound, cut or damaged.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: No buffer begins where one must.
    """
    common = _common_size(content)
    if common is None:
        raise NotThisFormat(f"{member or 'this file'} holds no buffer of an event trace")
    offset = 0
    while offset < len(content):
        size = _size_at(content, offset, common)
        if size is None:
            size = min(common, len(content) - offset)
            yield Hole(offset, size)
        else:
            yield _buffer(content, offset, size)
        offset += size


def _common_size(content: bytes) -> int | None:
    """Return the size at whose multiples most buffers begin; a damaged first header must not decide alone."""
    claimed = {_u32(content, 0), _u32(content, 104)}
    likely = [size for size in claimed if LEAST_BYTES <= size <= MOST_BYTES]
    fits = Counter({size: sum(_sane(content, k) for k in range(0, len(content), size)) for size in likely})
    size, count = max(fits.items(), key=lambda fit: (fit[1], fit[0]), default=(0, 0))
    return size if count else None


def _size_at(content: bytes, offset: int, common: int) -> int | None:
    """Return how far the buffer at `offset` reaches, or None when there is no buffer."""
    if not _sane(content, offset):
        return None
    own = _u32(content, offset)
    behind = offset + own
    if own == common or behind == len(content) or _sane(content, behind):
        return own
    return common


def _sane(content: bytes, offset: int) -> bool:
    """Tell whether what lies at `offset` may be the header of a buffer."""
    if offset + HEADER_BYTES > len(content):
        return False
    size, _, used, _, kind = _HEADER.unpack_from(content, offset)
    sane: bool = LEAST_BYTES <= size <= MOST_BYTES and HEADER_BYTES <= used <= MOST_BYTES and kind < 16
    return sane


def _buffer(content: bytes, offset: int, size: int) -> Buffer:
    _, sequence, used, flags, _ = _HEADER.unpack_from(content, offset)
    room = min(size, len(content) - offset)
    end = offset + min(used, room)
    return Buffer(offset, offset + HEADER_BYTES, end, sequence, flags, cut=used > room)


def _u32(content: bytes, offset: int) -> int:
    return int.from_bytes(content[offset : offset + 4], "little")
