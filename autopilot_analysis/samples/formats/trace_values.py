"""Fields of trace events, each as TraceLogging spells it: its description, and the bytes of its value."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from autopilot_analysis.samples.formats.event_values import filetime

NUMBERS = {
    "int8": (3, "<b"),
    "uint8": (4, "<B"),
    "int16": (5, "<h"),
    "uint16": (6, "<H"),
    "int32": (7, "<i"),
    "uint32": (8, "<I"),
    "int64": (9, "<q"),
    "uint64": (10, "<Q"),
    "float": (11, "<f"),
    "double": (12, "<d"),
    "bool32": (13, "<I"),
    "hex32": (20, "<I"),
    "hex64": (21, "<Q"),
    "pointer": (16, "<Q"),
}
OTHERS = {
    "text": 1,
    "ansi": 2,
    "binary": 14,
    "guid": 15,
    "filetime": 17,
    "systemtime": 18,
    "sid": 19,
    "counted_text": 22,
    "counted_ansi": 23,
    "struct": 24,
    "counted_binary": 25,
}
OUT = {"": 0, "bool": 3, "hex": 4, "win32": 13, "ntstatus": 14, "hresult": 15, "utf8": 35}


@dataclass(frozen=True)
class TraceField:
    """One field of a self-describing event.

    Attributes:
        name: As the provider calls it.
        value: A plain value; a list for an array; a tuple of fields for a struct.
        kind: A name of `NUMBERS` or `OTHERS`.
        out: How the value should be shown, a name of `OUT`.
        fixed: Whether an array's length stands in the description instead of before its values.
        tags: Whether the field carries tags, which mean nothing here.
        length_of: Name of the earlier field of a manifest event that holds this one's length in bytes.
    """

    name: str
    value: object
    kind: str = "text"
    out: str = ""
    fixed: bool = False
    tags: bool = False
    length_of: str = ""


def in_type(field: TraceField) -> int:
    """Return the number of a field's type on the wire.

    Args:
        field: Of any event.
    """
    return NUMBERS[field.kind][0] if field.kind in NUMBERS else OTHERS[field.kind]


def describe(name: str, fields: Sequence[TraceField]) -> bytes:
    """Return the description of an event, its size first.

    Args:
        name: Of the event.
        fields: In order.
    """
    body = b"\0" + _named(name) + b"".join(_described(field) for field in fields)
    return struct.pack("<H", 2 + len(body)) + body


def payload(fields: Sequence[TraceField]) -> bytes:
    """Return the values of an event, one behind the other.

    Args:
        fields: In order.
    """
    return b"".join(_value_bytes(field) for field in fields)


def _named(name: str) -> bytes:
    return name.encode("utf-8") + b"\0"


def _described(field: TraceField) -> bytes:
    number = in_type(field)
    element = field.value[0] if isinstance(field.value, list) and field.value else field.value
    members = tuple(element) if field.kind == "struct" and isinstance(element, (tuple, list)) else ()
    out = len(members) if field.kind == "struct" else OUT[field.out]
    array = isinstance(field.value, list)
    number |= (0x20 if field.fixed else 0x40) if array else 0
    described = _named(field.name)
    if out or field.tags:
        described += bytes([number | 0x80, out | (0x80 if field.tags else 0)])
        described += b"\x81\x02" if field.tags else b""
    else:
        described += bytes([number])
    if array and field.fixed and isinstance(field.value, list):
        described += struct.pack("<H", len(field.value))
    return described + b"".join(_described(member) for member in members)


def _value_bytes(field: TraceField) -> bytes:
    if field.length_of and isinstance(field.value, bytes):
        return field.value
    if not isinstance(field.value, list):
        return _one(field.kind, field.out, field.value)
    ahead = b"" if field.fixed else struct.pack("<H", len(field.value))
    return ahead + b"".join(_one(field.kind, field.out, element) for element in field.value)


def _one(kind: str, out: str, value: object) -> bytes:
    """Return one value in its own encoding."""
    if kind in NUMBERS:
        return struct.pack(NUMBERS[kind][1], value)
    if isinstance(value, UUID):
        return value.bytes_le
    if isinstance(value, datetime):
        return _moment(kind, value)
    if isinstance(value, tuple):
        return payload(value)
    if isinstance(value, bytes):
        return struct.pack("<H", len(value)) + value
    text = str(value)
    if kind == "sid":
        return _sid(text)
    wide = kind in ("text", "counted_text")
    coded = text.encode("utf-16-le" if wide else "utf-8" if out == "utf8" else "cp1252")
    if kind.startswith("counted"):
        return struct.pack("<H", len(coded)) + coded
    return coded + (b"\0\0" if wide else b"\0")


def _moment(kind: str, at: datetime) -> bytes:
    if kind == "filetime":
        return struct.pack("<Q", filetime(at))
    parts = (at.year, at.month, at.isoweekday() % 7, at.day, at.hour, at.minute, at.second)
    return struct.pack("<8H", *parts, at.microsecond // 1000)


def _sid(text: str) -> bytes:
    _, revision, authority, *rest = text.split("-")
    ahead = bytes([int(revision), len(rest)]) + int(authority).to_bytes(6, "big")
    return ahead + b"".join(struct.pack("<I", int(part)) for part in rest)
