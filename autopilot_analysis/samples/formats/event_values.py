"""Values of event fields, each with its type in Windows' binary XML: text, numbers, instants, GUIDs, SIDs."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Hex32:
    """A 32-bit number that is shown in hexadecimal, such as an HRESULT."""

    number: int


@dataclass(frozen=True)
class Hex64:
    """A 64-bit number that is shown in hexadecimal, such as keywords."""

    number: int


@dataclass(frozen=True)
class UInt64:
    """A 64-bit unsigned number."""

    number: int


@dataclass(frozen=True)
class Sid:
    """A security identifier, like S-1-5-18."""

    text: str


@dataclass(frozen=True)
class Small:
    """An unsigned number of 8 or 16 bits, as System fields are."""

    number: int
    bits: int


Value = str | int | bool | datetime | bytes | UUID | Hex32 | Hex64 | UInt64 | Sid | Small


def encode(value: Value) -> tuple[int, bytes]:
    """Return the type number and the bytes of a value."""
    match value:
        case bool():
            return 0x0D, struct.pack("<I", value)
        case str():
            return 0x01, value.encode("utf-16-le")
        case Small():
            return (
                (0x04, struct.pack("<B", value.number))
                if value.bits == 8
                else (0x06, struct.pack("<H", value.number))
            )
        case Hex32():
            return 0x14, struct.pack("<I", value.number & 0xFFFFFFFF)
        case Hex64():
            return 0x15, struct.pack("<Q", value.number)
        case UInt64():
            return 0x0A, struct.pack("<Q", value.number)
        case int():
            return (0x07, struct.pack("<i", value)) if value < 0 else (0x08, struct.pack("<I", value))
        case datetime():
            return 0x11, struct.pack("<Q", filetime(value))
        case UUID():
            return 0x0F, value.bytes_le
        case Sid():
            return 0x13, _sid(value.text)
        case bytes():
            return 0x0E, value


def _sid(text: str) -> bytes:
    _, revision, authority, *parts = text.split("-")
    head = struct.pack("<BB", int(revision), len(parts)) + int(authority).to_bytes(6, "big")
    return head + b"".join(struct.pack("<I", int(part)) for part in parts)


def filetime(at: datetime) -> int:
    """Return an instant as Windows counts: hundreds of nanoseconds since 1601."""
    return (at - _EPOCH) // timedelta(microseconds=1) * 10
