"""What the first record of a trace says of the trace, its clock and the device."""

from __future__ import annotations

import struct

import msgspec

from autopilot_analysis.readers.trace_log.records import Kind, Record

_LEAST = 280
_FIRST = struct.Struct("<4I q 8I")
"""Buffer size, version, build, processors; end time; resolution, maximum size, mode, buffers written, start
buffers, pointer size, events lost, processor speed: the first 56 bytes, alike for both pointer sizes."""
_ZONE = struct.Struct("<i 64s 8H i 64s 8H i")
_CIRCULAR = 2
_RELOGGED = 0x10000
_COMPRESSED = 0x04000000


class Zone(msgspec.Struct, frozen=True):
    """The time zone a trace was written in, as Windows keeps it: UTC = local time + bias, in minutes."""

    bias: int
    name: str
    daylight_name: str
    standard_bias: int
    daylight_bias: int
    daylight: bool
    """Whether the zone has daylight time at all."""


class TraceHeader(msgspec.Struct, frozen=True):
    """The header record of a trace; instants are FILETIME (100 ns since 1601, UTC), 0 where none was set."""

    buffer_bytes: int
    build: int
    processors: int
    ended: int
    mode: int
    buffers_written: int
    pointer: int
    events_lost: int
    zone: Zone
    booted: int
    frequency: int
    started: int
    clock: int
    """1 counter, 2 system time, 3 processor cycles."""
    buffers_lost: int
    logger: str
    file_name: str
    first_tick: int
    """The header record's own time, which is `started` on the trace's clock."""

    @property
    def circular(self) -> bool:
        """Whether new buffers overwrite the oldest."""
        return bool(self.mode & _CIRCULAR)

    @property
    def relogged(self) -> bool:
        """Whether the trace was merged from others."""
        return bool(self.mode & _RELOGGED)

    @property
    def compressed(self) -> bool:
        """Whether the trace was asked to pack its buffers."""
        return bool(self.mode & _COMPRESSED)


def read_header(content: bytes, record: Record, time: int) -> TraceHeader | None:
    """Return what the first record of a file says, or None when it is no header.

    Args:
        content: The whole file.
        record: Its first record.
        time: The record's own time.
    """
    shape, offset, size = record
    if shape.kind is not Kind.SYSTEM or content[offset + 6 : offset + 8] != b"\0\0":
        return None
    payload = content[offset + shape.header : offset + size]
    if len(payload) < _LEAST:
        return None
    buffer_bytes, _, build, processors, ended, *counts = _FIRST.unpack_from(payload)
    _, _, mode, written, _, pointer, lost, _ = counts
    behind = 72 if pointer != 4 else 64  # two pointers lie between the counts and the zone
    booted, frequency, started, clock, buffers_lost = struct.unpack_from("<3q2I", payload, behind + 176)
    texts = payload[behind + 208 :].decode("utf-16-le", "replace").split("\0")
    return TraceHeader(
        buffer_bytes=buffer_bytes,
        build=build,
        processors=processors,
        ended=ended,
        mode=mode,
        buffers_written=written,
        pointer=pointer,
        events_lost=lost,
        zone=_zone(payload, behind),
        booted=booted,
        frequency=frequency,
        started=started,
        clock=clock,
        buffers_lost=buffers_lost,
        logger=texts[0],
        file_name=texts[1] if len(texts) > 1 else "",
        first_tick=time,
    )


def _zone(payload: bytes, offset: int) -> Zone:
    """Return the zone; month 0 of its rule says that it has no daylight time, whatever bias stands there."""
    bias, name, *rest = _ZONE.unpack_from(payload, offset)
    standard_bias, daylight_name, daylight_month, daylight_bias = rest[8], rest[9], rest[11], rest[18]
    return Zone(
        bias=bias,
        name=_text(name),
        daylight_name=_text(daylight_name),
        standard_bias=standard_bias,
        daylight_bias=daylight_bias,
        daylight=daylight_month != 0,
    )


def _text(field: bytes) -> str:
    return field.decode("utf-16-le", "replace").partition("\0")[0]
