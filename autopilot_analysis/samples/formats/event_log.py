"""Windows event logs (EVTX), written byte by byte: header, 64 KiB chunks, templates, string tables, CRC32.

The layout follows the public description of the format in libevtx ("Windows XML Event Log (EVTX) format").
Each record is an instance of a template that holds the XML of its shape; a template, like every element
name, stands once in a chunk, where it is first needed. Values keep their types: text, numbers, hexadecimal
numbers, instants, GUIDs, SIDs and booleans.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from uuid import UUID
from zlib import crc32

from autopilot_analysis.errors import BadInput
from autopilot_analysis.samples.formats.event_values import Hex64, Sid, Small, UInt64, Value, encode, filetime

CHUNK = 0x10000
_FIRST_RECORD = 0x200
_NO_RECORDS = (1, *[2**64 - 1] * 3)
_NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"


@dataclass(frozen=True)
class EventRecord:
    """One event as it is to stand in the log.

    Attributes:
        record_id: EventRecordID; rises by one inside a log.
        at: What the device's clock said, UTC.
        provider: Name of the provider.
        provider_guid: Its GUID; None for classic providers.
        event_id: Id of the event.
        channel: Channel, as System names it.
        computer: Name of the computer at that moment.
        version: Version of the event's layout.
        level: 1 critical, 2 error, 3 warning, 4 information, 5 verbose, 0 always.
        task: Task number.
        opcode: 1 start, 2 stop, else 0.
        keywords: Keyword bits.
        qualifiers: Only classic providers write them.
        process_id: Process that wrote the event.
        thread_id: Thread that wrote the event.
        user_sid: Account that wrote the event, or None.
        activity_id: Activity, or None.
        data: Named fields; a sequence of texts under the empty name becomes unnamed fields.
    """

    record_id: int
    at: datetime
    provider: str
    provider_guid: UUID | None
    event_id: int
    channel: str
    computer: str
    version: int = 0
    level: int = 4
    task: int = 0
    opcode: int = 0
    keywords: int = 0x8000000000000000
    qualifiers: int | None = None
    process_id: int = 0
    thread_id: int = 0
    user_sid: str | None = None
    activity_id: UUID | None = None
    data: Mapping[str, Value | Sequence[str]] = field(default_factory=dict)


def write_event_log(records: Sequence[EventRecord]) -> bytes:
    """Return a whole event log that holds `records` in the order given; without records, an empty chunk.

    Args:
        records: Events of one channel, by rising record id.

    Raises:
        BadInput: One record alone is larger than a chunk of 64 KiB.
    """
    chunks: list[bytes] = []
    chunk = _Chunk(number=1)
    for record in records:
        if not chunk.take(record):
            chunks.append(chunk.finish())
            chunk = _Chunk(number=chunk.next_number)
            if not chunk.take(record):
                raise BadInput(f"event record {record.record_id} is larger than a chunk; shorten its fields")
    chunks.append(chunk.finish())
    next_id = records[-1].record_id + 1 if records else 1
    return _file_header(len(chunks), next_id) + b"".join(chunks)


def _file_header(chunks: int, next_id: int) -> bytes:
    head = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, chunks - 1, next_id, 128, 2, 3, 4096, chunks)
    head = head.ljust(120, b"\0")
    return (head + struct.pack("<II", 0, crc32(head))).ljust(4096, b"\0")


class _Chunk:
    """One chunk that fills up: 512 bytes of header and tables, then records."""

    def __init__(self, number: int) -> None:
        self.first_number = number
        self.next_number = number
        self.ids: list[int] = []
        self.body = bytearray()
        self.last = 0
        self.names: dict[str, int] = {}
        self.name_table = [0] * 64
        self.templates: dict[bytes, int] = {}
        self.template_table = [0] * 32

    def take(self, record: EventRecord) -> bool:
        """Write one record; return False, changing nothing, when the chunk has no room for it."""
        before = dict(self.names), list(self.name_table), dict(self.templates), list(self.template_table)
        start = _FIRST_RECORD + len(self.body)
        if any(len(encode(value)[1]) > 0xFFFF for value in record.data.values() if isinstance(value, Value)):
            return False
        written = _Writer(self, start + 24).record(record)
        size = len(written) + 28
        size += -size % 8
        if start + size > CHUNK:
            self.names, self.name_table, self.templates, self.template_table = before
            return False
        head = struct.pack("<4sIQQ", b"**\0\0", size, record.record_id, filetime(record.at))
        self.body += head + written.ljust(size - 28, b"\0") + struct.pack("<I", size)
        self.last = start
        self.ids.append(record.record_id)
        self.next_number += 1
        return True

    def finish(self) -> bytes:
        """Return the chunk's 64 KiB with both checksums."""
        span = (
            (self.first_number, self.next_number - 1, self.ids[0], self.ids[-1]) if self.ids else _NO_RECORDS
        )
        head = struct.pack("<8sQQQQ", b"ElfChnk\0", *span)
        head += struct.pack("<IIII", 128, self.last, _FIRST_RECORD + len(self.body), crc32(self.body))
        head = head.ljust(120, b"\0")
        tables = struct.pack("<64I", *self.name_table) + struct.pack("<32I", *self.template_table)
        checksum = crc32(tables, crc32(head))
        return (head + struct.pack("<II", 1, checksum) + tables + self.body).ljust(CHUNK, b"\0")


class _Writer:
    """Writes binary XML at a known place of a chunk, so that names and templates can be pointed to."""

    def __init__(self, chunk: _Chunk, start: int) -> None:
        self.chunk = chunk
        self.start = start
        self.out = bytearray()

    @property
    def here(self) -> int:
        return self.start + len(self.out)

    def record(self, record: EventRecord) -> bytes:
        """Return the record's binary XML: a template instance and its values."""
        shape = _Shape()
        tree = _event(record, shape)
        key = md5(repr(tree).encode(), usedforsecurity=False).digest()
        self.out += b"\x0f\x01\x01\x00\x0c\x01" + key[:4]
        if key in self.chunk.templates:
            self.out += struct.pack("<I", self.chunk.templates[key])
        else:
            self.template(key, tree)
        values = [encode(value) for value in shape.values]
        self.out += struct.pack("<I", len(values))
        self.out += b"".join(struct.pack("<HBB", len(raw), kind, 0) for kind, raw in values)
        self.out += b"".join(raw for _, raw in values) + b"\0"
        return bytes(self.out)

    def template(self, key: bytes, tree: _Element) -> None:
        """Write the definition of a template where it is first used."""
        self.out += struct.pack("<I", self.here + 4)
        place, slot = self.here, int.from_bytes(key[:4], "little") % 32
        self.out += struct.pack("<I", self.chunk.template_table[slot]) + key + b"\0\0\0\0"
        begin = len(self.out)
        self.out += b"\x0f\x01\x01\x00"
        self.element(tree)
        self.out += b"\0"
        struct.pack_into("<I", self.out, begin - 4, len(self.out) - begin)
        self.chunk.template_table[slot] = place
        self.chunk.templates[key] = place

    def element(self, element: _Element) -> None:
        """Write one element with its attributes and children."""
        self.out += struct.pack("<BH", 0x41 if element.attributes else 0x01, 0xFFFF)
        size_at = len(self.out)
        self.out += b"\0\0\0\0"
        self.name(element.name)
        if element.attributes:
            self.attributes(element.attributes)
        if element.content:
            self.out += b"\x02"
            for item in element.content:
                self.element(item) if isinstance(item, _Element) else self.value(item)
            self.out += b"\x04"
        else:
            self.out += b"\x03"
        struct.pack_into("<I", self.out, size_at, len(self.out) - size_at - 4)

    def attributes(self, attributes: Mapping[str, str | _Slot]) -> None:
        """Write an element's attributes; the bit 0x40 marks that one more follows."""
        size_at = len(self.out)
        self.out += b"\0\0\0\0"
        for left, (name, value) in zip(range(len(attributes) - 1, -1, -1), attributes.items(), strict=True):
            self.out += b"\x46" if left else b"\x06"
            self.name(name)
            self.value(value)
        struct.pack_into("<I", self.out, size_at, len(self.out) - size_at - 4)

    def value(self, value: str | _Slot) -> None:
        """Write a literal text, or the place that a value of the record fills."""
        if isinstance(value, _Slot):
            self.out += struct.pack("<BHB", 0x0D, value.index, value.kind)
        else:
            self.out += struct.pack("<BBH", 0x05, 0x01, len(value)) + value.encode("utf-16-le")

    def name(self, name: str) -> None:
        """Write a pointer to a name, and the name itself where the chunk does not hold it yet."""
        known = self.chunk.names.get(name)
        if known is not None:
            self.out += struct.pack("<I", known)
            return
        place = self.here + 4
        self.out += struct.pack("<I", place)
        number = _hash(name)
        slot = number % 64
        self.out += struct.pack("<IHH", self.chunk.name_table[slot], number, len(name))
        self.out += name.encode("utf-16-le") + b"\0\0"
        self.chunk.name_table[slot] = place
        self.chunk.names[name] = place


@dataclass(frozen=True)
class _Slot:
    """The place of one substitution value."""

    index: int
    kind: int


@dataclass(frozen=True)
class _Element:
    """One XML element of a template."""

    name: str
    attributes: Mapping[str, str | _Slot] = field(default_factory=dict)
    content: tuple[_Element | str | _Slot, ...] = ()


class _Shape:
    """Collects the values of a record while its template is built."""

    def __init__(self) -> None:
        self.values: list[Value] = []

    def slot(self, value: Value) -> _Slot:
        self.values.append(value)
        return _Slot(len(self.values) - 1, encode(value)[0])

    def element(self, name: str, value: Value, **attributes: str | _Slot) -> _Element:
        return _Element(name, attributes, (self.slot(value),))


def _event(record: EventRecord, shape: _Shape) -> _Element:
    fields = tuple(_fields(record, shape))
    data = _Element("EventData", {}, fields)
    return _Element("Event", {"xmlns": _NAMESPACE}, (_Element("System", {}, _system(record, shape)), data))


def _fields(record: EventRecord, shape: _Shape) -> Iterator[_Element]:
    for name, value in record.data.items():
        if name:
            assert isinstance(value, Value)
            yield _Element("Data", {"Name": name}, (shape.slot(value),))
        else:
            assert isinstance(value, Sequence)
            yield from (_Element("Data", {}, (shape.slot(str(text)),)) for text in value)


def _system(record: EventRecord, shape: _Shape) -> tuple[_Element, ...]:
    provider: dict[str, str | _Slot] = {"Name": record.provider}
    if record.provider_guid:
        provider["Guid"] = shape.slot(record.provider_guid)
    qualified: dict[str, str | _Slot] = {}
    if record.qualifiers is not None:
        qualified["Qualifiers"] = shape.slot(Small(record.qualifiers, 16))
    activity = {"ActivityID": shape.slot(record.activity_id)} if record.activity_id else {}
    user = {"UserID": shape.slot(Sid(record.user_sid))} if record.user_sid else {}
    executed = {"ProcessID": shape.slot(record.process_id), "ThreadID": shape.slot(record.thread_id)}
    kind = (
        _Element("Provider", provider),
        shape.element("EventID", Small(record.event_id, 16), **qualified),
        shape.element("Version", Small(record.version, 8)),
        shape.element("Level", Small(record.level, 8)),
        shape.element("Task", Small(record.task, 16)),
        shape.element("Opcode", Small(record.opcode, 8)),
        shape.element("Keywords", Hex64(record.keywords)),
    )
    return (
        *kind,
        _Element("TimeCreated", {"SystemTime": shape.slot(record.at)}),
        shape.element("EventRecordID", UInt64(record.record_id)),
        _Element("Correlation", activity),
        _Element("Execution", executed),
        shape.element("Channel", record.channel),
        shape.element("Computer", record.computer),
        _Element("Security", user),
    )


def _hash(name: str) -> int:
    number = 0
    for unit in name:
        number = number * 65599 + ord(unit)
    return number & 0xFFFF
