"""An event log file (.evtx) and the same records as XML, written from the format's description alone.

It shares nothing with the kit. Each record names its template and, the first time in a chunk, carries it: System's
values are substitutions of their own types, EventData one substitution per named field, as providers write them.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from uuid import NAMESPACE_DNS, UUID, uuid5
from xml.sax.saxutils import escape

_NULL, _TEXT, _U8, _U16, _U32, _I32, _U64, _I64 = 0x00, 0x01, 0x04, 0x06, 0x08, 0x07, 0x0A, 0x09
_GUID, _TIME, _SID, _HEX32, _HEX64 = 0x0F, 0x11, 0x13, 0x14, 0x15
_CHUNK = 65536
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_EVENTS = "http://schemas.microsoft.com/win/2004/08/events/event"


class Code(int):
    """A result code: 32 bits, printed in hexadecimal."""


class Signed(int):
    """A signed number, of 32 bits where it fits."""


@dataclass
class Record:
    """One event as a provider wrote it; `data` keeps the order of its fields."""

    at: datetime
    provider: str
    guid: str | None
    channel: str
    event_id: int
    computer: str
    level: int = 4
    data: dict[str, object] = field(default_factory=dict)
    sid: str | None = "S-1-5-18"
    number: int = 0


def write_evtx(records: list[Record]) -> bytes:
    """The file of one channel, chunk by chunk."""
    chunks: list[bytes] = []
    writer = _Chunk(1)
    for number, record in enumerate(records, 1):
        record.number = record.number or number
        if not writer.add(record):
            chunks.append(writer.close())
            writer = _Chunk(number)
            writer.add(record)
    chunks.append(writer.close())
    head = struct.pack(
        "<8sQQQIHHHH", b"ElfFile\0", 0, len(chunks) - 1, len(records) + 1, 128, 1, 3, 4096, len(chunks)
    )
    head = head.ljust(120, b"\0")
    return (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(4096, b"\0") + b"".join(chunks)


class _Chunk:
    def __init__(self, first: int) -> None:
        self.body, self.first, self.last, self.last_at = bytearray(), first, first - 1, 512
        self.templates: dict[tuple, int] = {}
        self.table = [0] * 32

    def add(self, record: Record) -> bool:
        at = 512 + len(self.body)
        shape = tuple((name, _kind(value)) for name, value in record.data.items())
        xml = _instance(record, shape, at + 24, self.templates.get(shape))
        size = -(-(28 + len(xml)) // 8) * 8
        if at + size > _CHUNK:
            return False
        if shape not in self.templates:
            self.templates[shape] = at + 24 + 14
            bucket = xml[6] % 32
            xml = xml[:14] + struct.pack("<I", self.table[bucket]) + xml[18:]
            self.table[bucket] = at + 24 + 14
        ticks = _ticks(record.at)
        raw = struct.pack("<IIQQ", 0x2A2A, size, self.last + 1, ticks) + xml
        self.body += raw.ljust(size - 4, b"\0") + struct.pack("<I", size)
        self.last, self.last_at = self.last + 1, at
        return True

    def close(self) -> bytes:
        end = 512 + len(self.body)
        first, last = self.first, self.last
        head = struct.pack(
            "<8sQQQQIIII",
            b"ElfChnk\0",
            first,
            last,
            first,
            last,
            128,
            self.last_at,
            end,
            zlib.crc32(self.body),
        )
        head = head.ljust(120, b"\0")
        tables = bytes(256) + struct.pack("<32I", *self.table)
        summed = zlib.crc32(head + tables)
        return (head + struct.pack("<II", 1, summed) + tables + self.body).ljust(_CHUNK, b"\0")


def _ticks(at: datetime) -> int:
    since = at.astimezone(UTC) - _EPOCH
    return (since.days * 86400 + since.seconds) * 10_000_000 + since.microseconds * 10


def _kind(value: object) -> int:
    if isinstance(value, Signed) and not -(1 << 31) <= value < 1 << 31:
        return _I64
    kinds = {datetime: _TIME, bool: 0x0D, Code: _HEX32, Signed: _I32, int: _U32}
    return kinds.get(type(value), _TEXT)


def _raw(value: object) -> bytes:
    if isinstance(value, datetime):
        return struct.pack("<Q", _ticks(value))
    if isinstance(value, bool):
        return struct.pack("<I", value)
    if isinstance(value, Signed):
        return struct.pack("<q" if _kind(value) == _I64 else "<i", value)
    if isinstance(value, int):
        return struct.pack("<I", value & 0xFFFFFFFF)
    return (str(value) + "\0").encode("utf-16-le")


@cache
def _sid(text: str) -> bytes:
    parts = [int(part) for part in text.split("-")[1:]]
    return (
        bytes([parts[0], len(parts) - 2])
        + parts[1].to_bytes(6, "big")
        + struct.pack(f"<{len(parts) - 2}I", *parts[2:])
    )


def _instance(record: Record, shape: tuple, at: int, known: int | None) -> bytes:
    """Fragment header, template instance, its values; `at` is the place in the chunk."""
    guid = _guid_of(shape)
    values = _values(record)
    table = b"".join(struct.pack("<HBB", len(raw), kind, 0) for kind, raw in values)
    out = bytes([0x0F, 1, 1, 0]) + struct.pack(
        "<BBII", 0x0C, 1, struct.unpack("<I", guid[:4])[0], known or at + 14
    )
    if known is None:
        body = _Elements(at + 14 + 24).document(shape)
        out += struct.pack("<I", 0) + guid + struct.pack("<I", len(body)) + body
    return out + struct.pack("<I", len(values)) + table + b"".join(raw for _, raw in values) + b"\0"


@cache
def _guid_of(shape: tuple) -> bytes:
    return uuid5(NAMESPACE_DNS, str(shape)).bytes_le


@cache
def _guid(text: str) -> bytes:
    return UUID(text).bytes_le


@cache
def _text(text: str) -> bytes:
    return text.encode("utf-16-le")


@cache
def _hashed(name: str) -> int:
    hashed = 0
    for character in name:
        hashed = (hashed * 65599 + ord(character)) & 0xFFFFFFFF
    return hashed & 0xFFFF


def _values(record: Record) -> list[tuple[int, bytes]]:
    guid = _guid(record.guid) if record.guid else b""
    fixed = [
        (_TEXT, _text(record.provider)),
        (_GUID if guid else _NULL, guid),
        (_U16, struct.pack("<H", record.event_id)),
        (_U8, bytes([record.level])),
        (_HEX64, struct.pack("<Q", 0x8000000000000000)),
        (_TIME, struct.pack("<Q", _ticks(record.at))),
        (_U64, struct.pack("<Q", record.number)),
        (_U32, struct.pack("<I", 4312)),
        (_U32, struct.pack("<I", 5120)),
        (_TEXT, _text(record.channel)),
        (_TEXT, _text(record.computer)),
        (_SID, _sid(record.sid)) if record.sid else (_NULL, b""),
    ]
    return fixed + [(_kind(value), _raw(value)) for value in record.data.values()]


class _Elements:
    """Binary XML of one template; every place is counted from the start of its chunk."""

    def __init__(self, at: int) -> None:
        self.at = at

    def document(self, shape: tuple) -> bytes:
        head = bytes([0x0F, 1, 1, 0])
        return head + self._element(self.at + 4, "Event", [("xmlns", _EVENTS)], self._event(shape)) + b"\0"

    def _event(self, shape: tuple) -> list:
        def holds(name: str, n: int, kind: int, **attributes: tuple[int, int]) -> tuple:
            return name, list(attributes.items()), [(n, kind)]

        system = [
            ("Provider", [("Name", (0, _TEXT)), ("Guid", (1, _GUID))], []),
            holds("EventID", 2, _U16),
            holds("Level", 3, _U8),
            holds("Keywords", 4, _HEX64),
            ("TimeCreated", [("SystemTime", (5, _TIME))], []),
            holds("EventRecordID", 6, _U64),
            ("Execution", [("ProcessID", (7, _U32)), ("ThreadID", (8, _U32))], []),
            holds("Channel", 9, _TEXT),
            holds("Computer", 10, _TEXT),
            ("Security", [("UserID", (11, _SID))], []),
        ]
        rows = [
            ("Data", [] if name.startswith("#") else [("Name", name)], [(12 + n, kind)])
            for n, (name, kind) in enumerate(shape)
        ]
        return [("System", [], system), *([("EventData", [], rows)] if rows else [])]

    def _name(self, at: int, name: str) -> bytes:
        """Where the name stands, and the name itself, which stands right behind."""
        return struct.pack("<IIHH", at + 4, 0, _hashed(name), len(name)) + _text(name) + b"\0\0"

    def _attributes(self, at: int, attributes: list) -> bytes:
        out = b""
        for n, (name, value) in enumerate(attributes):
            out += bytes([0x46 if n + 1 < len(attributes) else 0x06])
            out += self._name(at + len(out), name)
            if isinstance(value, tuple):
                out += struct.pack("<BHB", 0x0E, *value)
            else:
                out += struct.pack("<BBH", 0x05, 0x01, len(value)) + value.encode("utf-16-le")
        return out

    def _element(self, at: int, name: str, attributes: list, children: list) -> bytes:
        head = bytes([0x41 if attributes else 0x01]) + struct.pack("<H", 0xFFFF)
        inner = self._name(at + len(head) + 4, name)
        if attributes:
            rows = self._attributes(at + len(head) + 4 + len(inner) + 4, attributes)
            inner += struct.pack("<I", len(rows)) + rows
        if not children:
            inner += b"\x03"
        else:
            inner += b"\x02"
            for child in children:
                if isinstance(child[0], int):
                    inner += struct.pack("<BHB", 0x0E, *child)
                else:
                    inner += self._element(at + len(head) + 4 + len(inner), *child)
            inner += b"\x04"
        return head + struct.pack("<I", len(inner)) + inner


def write_xml(records: list[Record]) -> bytes:
    """The records as the Event Viewer saves them when asked for XML."""
    out = ['<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>']
    for number, record in enumerate(records, 1):
        guid = f" Guid='{{{record.guid}}}'" if record.guid else ""
        rows = "".join(
            f"<Data>{escape(_printed(value))}</Data>"
            if name.startswith("#")
            else f"<Data Name='{name}'>{escape(_printed(value))}</Data>"
            for name, value in record.data.items()
        )
        data = f"<EventData>{rows}</EventData>" if rows else "<EventData></EventData>"
        user = f"<Security UserID='{record.sid}'/>" if record.sid else "<Security/>"
        out.append(
            f"<Event xmlns='{_EVENTS}'><System><Provider Name='{record.provider}'{guid}/><EventID>{record.event_id}</EventID>"
            f"<Version>0</Version><Level>{record.level}</Level><Task>0</Task><Opcode>0</Opcode>"
            f"<Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='{record.at:%Y-%m-%dT%H:%M:%S.%f}0Z'/>"
            f"<EventRecordID>{record.number or number}</EventRecordID><Correlation/>"
            f"<Execution ProcessID='4312' ThreadID='5120'/><Channel>{record.channel}</Channel>"
            f"<Computer>{record.computer}</Computer>{user}</System>{data}</Event>"
        )
    return ("".join(out) + "</Events>").encode()


def _printed(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S.%f}0Z"
    return (
        f"0x{value & 0xFFFFFFFF:x}"
        if isinstance(value, Code)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
