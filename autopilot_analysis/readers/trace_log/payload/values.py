"""Bytes of a payload -> values, by the layout of their event.

Values look as they do in an event log that Windows wrote: numbers in decimal, codes and masks in hex, GUIDs
in capitals, instants in UTC.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from autopilot_analysis.readers.trace_log.payload.layout import STRUCT, Field, Misfit

Value = str | int | float | bool | list["Value"] | dict[str, "Value"] | None
_Read = Callable[[bytes, int], tuple[Value | bytes, int]]

TOO_SHORT = "the payload ends too early"
_HEX_OUT = {4, 13, 14, 15}
_BOOL_OUT = 3
_UTF8_OUT = 35
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_GUID = struct.Struct("<IHH8s")


def read_values(fields: Sequence[Field], payload: bytes, *, pointer: int, own: bool) -> dict[str, Value]:
    """Return the values of one event by the names of its fields.

    Args:
        fields: Of the event's layout.
        payload: Its bytes, to the last one.
        pointer: Bytes of a pointer on the device.
        own: Whether the event described itself (TraceLogging); manifests spell some types another way.

    Raises:
        Misfit: The bytes end too early, or some are left over.
    """
    reader = _Payload(payload, pointer, own=own)
    try:
        values, end = reader.fields(fields, 0)
    except (struct.error, IndexError) as error:
        raise Misfit(TOO_SHORT) from error
    if end != len(payload):
        raise Misfit("bytes are left over")
    return values


class _Payload:
    """Reads the payload of one event."""

    def __init__(self, content: bytes, pointer: int, *, own: bool) -> None:
        self._content = content
        self._pointer = pointer
        self._own = own

    def fields(self, fields: Sequence[Field], at: int) -> tuple[dict[str, Value], int]:
        found: list[Value] = []
        for field in fields:
            value, at = self._many(field, found, at) if field.array else self._one(field, found, at)
            found.append(value)
        return {field.name: value for field, value in zip(fields, found, strict=True)}, at

    def _many(self, field: Field, earlier: list[Value], at: int) -> tuple[Value, int]:
        """Return an array; each element takes bytes, so that no claimed count can outgrow the payload."""
        count = field.count
        if field.counted:
            count = struct.unpack_from("<H", self._content, at)[0]
            at += 2
        elif field.count_of is not None:
            count = _number(earlier[field.count_of])
        values: list[Value] = []
        for _ in range(count):
            value, behind = self._one(field, earlier, at)
            if behind <= at:
                raise Misfit("an element without bytes")
            values.append(value)
            at = behind
        return values, at

    def _one(self, field: Field, earlier: list[Value], at: int) -> tuple[Value, int]:
        if field.kind == STRUCT:
            return self.fields(field.members, at)
        length = field.length if field.length_of is None else _number(earlier[field.length_of])
        if not self._own and (field.kind == 14 or (length and field.kind in (1, 2))):
            return _sized(self._content, at, field, length or 0)
        if field.kind == 16:
            return _fixed(self._content, at, struct.Struct("<I" if self._pointer == 4 else "<Q"), _hex)
        read = _READ.get(field.kind)
        if read is None:
            raise Misfit(f"type {field.kind} is not known")
        value, behind = read(self._content, at)
        if behind > len(self._content):
            raise Misfit(TOO_SHORT)
        return self._shown(field, value), behind

    def _shown(self, field: Field, value: Value | bytes) -> Value:
        """Return text in its code page, and a number of a self-describing event as it should be shown."""
        if isinstance(value, bytes):
            return _eight_bit(value, field.out)
        if not self._own or not isinstance(value, int) or not field.out:
            return value
        if field.out in _HEX_OUT:
            return _hex(value & _MASK[field.kind])
        return bool(value) if field.out == _BOOL_OUT else value


def _number(value: Value) -> int:
    """Return a length or count that an earlier field gave."""
    if isinstance(value, str) and value.startswith("0x"):
        return int(value, 16)
    if not isinstance(value, int) or value < 0:
        raise Misfit("a length that is no number")
    return value


def _hex(value: int) -> str:
    return f"0x{value:x}"


def _fixed(
    content: bytes, at: int, shape: struct.Struct, shown: Callable[..., Value] | None = None
) -> tuple[Value, int]:
    (value,) = shape.unpack_from(content, at)
    return shown(value) if shown else value, at + shape.size


def _guid(value: bytes) -> str:
    first, second, third, rest = _GUID.unpack(value)
    tail = rest.hex().upper()
    return f"{first:08X}-{second:04X}-{third:04X}-{tail[:4]}-{tail[4:]}"


def _filetime(value: int) -> str | None:
    """Return an instant as event logs spell it; a value beyond the calendar has none."""
    try:
        moment = _EPOCH + timedelta(microseconds=value // 10)
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _systemtime(value: bytes) -> str:
    year, month, _, day, hour, minute, second, milli = struct.unpack("<8H", value)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"


def wide_text(content: bytes, at: int) -> tuple[str, int]:
    """Return UTF-16 to a zero word, or to the end where none comes, and the offset behind it.

    Args:
        content: Bytes of a payload.
        at: Where the text begins.
    """
    end = content.find(b"\0\0", at)
    while end >= 0 and (end - at) & 1:
        end = content.find(b"\0\0", end + 1)
    if end < 0:
        end = len(content)
        return content[at:end].decode("utf-16-le", "replace"), end
    return content[at:end].decode("utf-16-le", "replace"), end + 2


def _narrow(content: bytes, at: int) -> tuple[bytes, int]:
    end = content.find(b"\0", at)
    return (content[at:end], end + 1) if end >= 0 else (content[at:], len(content))


def _eight_bit(text: bytes, out: int) -> str:
    return text.decode("utf-8" if out == _UTF8_OUT else "cp1252", "replace")


def _counted(
    content: bytes, at: int, shown: Callable[[bytes], Value | bytes] = bytes
) -> tuple[Value | bytes, int]:
    begin = at + 2
    end = begin + struct.unpack_from("<H", content, at)[0]
    return shown(content[begin:end]), end


def _sized(content: bytes, at: int, field: Field, length: int) -> tuple[Value, int]:
    """Return what a manifest gives a length: characters of a text, or bytes."""
    end = at + length * (2 if field.kind == 1 else 1)
    if end > len(content):
        raise Misfit(TOO_SHORT)
    part = content[at:end]
    if field.kind == 14:
        return part.hex().upper(), end
    text = part.decode("utf-16-le", "replace") if field.kind == 1 else _eight_bit(part, field.out)
    return text.partition("\0")[0], end


def _sid(content: bytes, at: int) -> tuple[Value, int]:
    revision, count = content[at], content[at + 1]
    authority = int.from_bytes(content[at + 2 : at + 8], "big")
    parts = struct.unpack_from(f"<{count}I", content, at + 8)
    return "-".join(map(str, ("S", revision, authority, *parts))), at + 8 + 4 * count


_MASK = {3: 0xFF, 4: 0xFF, 5: 0xFFFF, 6: 0xFFFF, 7: 0xFFFFFFFF, 8: 0xFFFFFFFF, 9: 2**64 - 1, 10: 2**64 - 1}
_MASK |= {13: 0xFFFFFFFF}


def _of(shape: str, shown: Callable[..., Value] | None = None) -> _Read:
    return partial(_fixed, shape=struct.Struct(shape), shown=shown)


_NUMBERS = {3: "<b", 4: "<B", 5: "<h", 6: "<H", 7: "<i", 8: "<I", 9: "<q", 10: "<Q", 11: "<f", 12: "<d"}
"""Types that are a number as `struct` writes it."""

_READ: dict[int, _Read] = {
    **{kind: _of(shape) for kind, shape in _NUMBERS.items()},
    1: wide_text,
    2: _narrow,
    13: _of("<I", bool),
    14: partial(_counted, shown=lambda part: part.hex().upper()),
    15: _of("16s", _guid),
    17: _of("<q", _filetime),
    18: _of("16s", _systemtime),
    19: _sid,
    20: _of("<I", _hex),
    21: _of("<Q", _hex),
    22: partial(_counted, shown=lambda part: part.decode("utf-16-le", "replace")),
    23: _counted,
    25: partial(_counted, shown=lambda part: part.hex().upper()),
}
"""How each type is read; lengths that a manifest gives are dealt with before."""
