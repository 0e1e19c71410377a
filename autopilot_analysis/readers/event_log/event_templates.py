"""Descriptions of events that an event log holds: names and types of their fields, for traces without any.

Facts: libyal libevtx, "Windows XML Event Log (EVTX) file format" (binary XML, templates, value types).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from uuid import UUID

import msgspec

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.readers.event_log.event_chunks import (
    FIRST_RECORD,
    RECORD_MAGIC,
    SMALLEST_RECORD,
    LogFile,
)
from autopilot_analysis.readers.trace_log.payload.layout import MOST_FIELDS, Field, Layout, Misfit, distinct
from autopilot_analysis.readers.trace_log.payload.templates import Key

_INSTANCE, _OPEN, _OPEN_WITH, _CLOSE, _CLOSE_EMPTY, _END = 0x0C, 0x01, 0x41, 0x02, 0x03, 0x04
_VALUE, _ATTRIBUTE, _ATTRIBUTE_MORE, _SUBSTITUTE, _SUBSTITUTE_OPTIONAL = 0x05, 0x06, 0x46, 0x0D, 0x0E
_NESTED, _GUID, _UINT16, _UINT8 = 0x21, 0x0F, 0x06, 0x04
_KINDS = {
    0x01: 1,
    0x02: 2,
    0x03: 3,
    0x04: 4,
    0x05: 5,
    0x06: 6,
    0x07: 7,
    0x08: 8,
    0x09: 9,
    0x0A: 10,
    0x0B: 11,
    0x0C: 12,
    0x0D: 13,
    0x0F: 15,
    0x11: 17,
    0x12: 18,
    0x13: 19,
    0x14: 20,
    0x15: 21,
}
"""Types of binary XML that a payload writes the same way. Bytes and arrays need lengths not told here."""

_MOST_WALKED = 1 << 18
"""Bytes of templates that are walked in one chunk, which holds 64 KiB."""


class _Shape(msgspec.Struct):
    """What one template says: each place of a value, and the element or attribute it stands in."""

    places: list[tuple[str, int]] = msgspec.field(default_factory=list)
    """Path of names such as "System/EventID" or "EventData/Data/@Message1", and the number of the value."""
    texts: dict[str, str] = msgspec.field(default_factory=dict)
    """Path and text of what the template says itself."""


def event_layouts(content: bytes, wanted: set[Key]) -> dict[Key, Layout]:
    """Return the layouts of wanted events that a log describes; of one key the first that has fields.

    Only plain values are told by their types alone; an event with bytes or arrays has no layout here.

    Args:
        content: A whole event log.
        wanted: Providers' GUIDs as they lie in files, with event id and version.
    """
    found: dict[Key, Layout] = {}
    names = {spelling for provider, _, _ in wanted for spelling in _spellings(provider)}
    if not any(name in content for name in names):
        return found
    try:
        chunks = [chunk.readable() for chunk in LogFile.of(content, "").chunks()]
    except AnalysisError:
        return found
    for chunk in chunks:
        if not any(name in chunk for name in names):
            continue
        reader = _Chunk(chunk)
        for offset in reader.records():
            if wanted <= found.keys():
                return found
            try:
                declared = reader.layout(offset)
            except (struct.error, IndexError, Misfit):
                continue
            if declared is not None and declared[0] in wanted:
                found.setdefault(*declared)
    return found


class _Chunk:
    """Reads the templates of one chunk, each once."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._shapes: dict[int, _Shape] = {}
        self._left = _MOST_WALKED

    def records(self) -> Iterator[int]:
        """Yield the offset of each record."""
        at = FIRST_RECORD
        while at + SMALLEST_RECORD <= len(self._content) and self._content[at : at + 4] == RECORD_MAGIC:
            size = self._u32(at + 4)
            if size < 28 or at + size > len(self._content):
                return
            yield at
            at += size

    def layout(self, record: int) -> tuple[Key, Layout] | None:
        """Return which event a record is of and how its fields lie, or None when it has none."""
        shape, values = self._instance(record + 24)
        declared = dict(shape.places)
        guid = self._raw(values, declared.get("System/Provider/@Guid"), _GUID)
        event = self._raw(values, declared.get("System/EventID"), _UINT16)
        version = self._raw(values, declared.get("System/Version"), _UINT8)
        text = shape.texts.get("System/Provider/@Guid", "")
        guid = guid or _guid_bytes(text)
        fields = self._fields(shape, values)
        if guid is None or event is None or version is None:
            return None
        key = (guid, int.from_bytes(event, "little"), version[0])
        return key, Layout("", distinct(fields), shape.texts.get("System/Provider/@Name", ""))

    def _fields(self, shape: _Shape, values: list[tuple[int, int, int]]) -> list[Field]:
        """Return the payload's fields: those of a nested template, or those that stand in the outer one."""
        for _, _, (kind, offset, size) in ((p, n, values[n]) for p, n in shape.places if n < len(values)):
            if kind == _NESTED and size > 4:
                inner, inside = self._instance(offset)
                return _typed(inner, inside)
        payload = _Shape([(path, n) for path, n in shape.places if not path.startswith("System/")])
        return _typed(payload, values)

    def _raw(self, values: list[tuple[int, int, int]], number: int | None, kind: int) -> bytes | None:
        if number is None or number >= len(values):
            return None
        declared, offset, size = values[number]
        return self._content[offset : offset + size] if declared == kind and size else None

    def _instance(self, at: int) -> tuple[_Shape, list[tuple[int, int, int]]]:
        """Return a template and the values of one use of it: type, offset and size each."""
        if self._content[at] == 0x0F:
            at += 4
        if self._content[at] != _INSTANCE:
            raise Misfit("no template")
        definition = self._u32(at + 6)
        at += 10
        size = self._u32(definition + 20)
        if definition == at:
            at += 24 + size
        if definition not in self._shapes:
            self._left -= size
            if self._left < 0:
                raise Misfit("templates that lie over one another")
            self._shapes[definition] = _Body(self._content, definition + 24, definition + 24 + size).shape()
        count = self._u32(at)
        if count > MOST_FIELDS:
            raise Misfit("too many values")
        offset, values = at + 4 + 4 * count, []
        for place in range(at + 4, at + 4 + 4 * count, 4):
            length, kind = struct.unpack_from("<HB", self._content, place)
            values.append((kind, offset, length))
            offset += length
        return self._shapes[definition], values

    def _u32(self, at: int) -> int:
        number: int = struct.unpack_from("<I", self._content, at)[0]
        return number


class _Body:
    """Walks the binary XML of one template."""

    def __init__(self, content: bytes, at: int, end: int) -> None:
        self._content = content
        self._at = at
        self._end = end
        self._path: list[str] = []
        self._attribute: str | None = None
        self._shape = _Shape()

    def shape(self) -> _Shape:
        """Return what the template says."""
        if self._content[self._at] == 0x0F:
            self._at += 4
        while self._at < self._end and (token := self._content[self._at]):
            self._take(token)
        return self._shape

    def _take(self, token: int) -> None:
        if token in (_OPEN, _OPEN_WITH):
            name_at = struct.unpack_from("<I", self._content, self._at + 7)[0]
            self._at += 11
            self._path.append(self._name(name_at))
            self._at += 4 if token == _OPEN_WITH else 0
            if self._path[-1] == "Data":  # each value has a name of its own
                self._shape.texts.pop(f"{self._here()}/@Name", None)
        elif token in (_ATTRIBUTE, _ATTRIBUTE_MORE):
            name_at = struct.unpack_from("<I", self._content, self._at + 1)[0]
            self._at += 5
            self._attribute = self._name(name_at)
        elif token == _VALUE:
            count = struct.unpack_from("<H", self._content, self._at + 2)[0]
            text = self._content[self._at + 4 : self._at + 4 + 2 * count].decode("utf-16-le", "replace")
            self._shape.texts.setdefault(self._where(), text)
            self._at += 4 + 2 * count
        elif token in (_SUBSTITUTE, _SUBSTITUTE_OPTIONAL):
            number = struct.unpack_from("<H", self._content, self._at + 1)[0]
            self._shape.places.append((self._where(), number))
            self._at += 4
        elif token == _CLOSE:
            self._attribute = None
            self._at += 1
        elif token in (_CLOSE_EMPTY, _END):
            self._attribute = None
            self._path = self._path[:-1]
            self._at += 1
        else:
            raise Misfit("a token that templates do not hold")

    def _here(self) -> str:
        """Return the path of the open element below the outermost one."""
        return "/".join(self._path[1:] if self._path[:1] == ["Event"] else self._path)

    def _where(self) -> str:
        """Return the path of what comes next: of an attribute its own, of a named value with its name."""
        path = self._here()
        if self._attribute is not None:
            return f"{path}/@{self._attribute}"
        name = self._shape.texts.get(f"{path}/@Name")
        return f"{path}/{name}" if name is not None and path.endswith("Data") else path

    def _name(self, at: int) -> str:
        """Return an element's name; where it stands right here, step over it."""
        count = struct.unpack_from("<H", self._content, at + 6)[0]
        name = self._content[at + 8 : at + 8 + 2 * count].decode("utf-16-le", "replace")
        if at == self._at:
            self._at += 10 + 2 * count
        return name


def _typed(shape: _Shape, values: list[tuple[int, int, int]]) -> list[Field]:
    """Return the fields of a payload in the order of their values, which is that of the payload."""
    fields = []
    for path, number in sorted(shape.places, key=lambda place: place[1]):
        kind = _KINDS.get(values[number][0]) if number < len(values) else None
        if kind is None:
            raise Misfit("a value that types alone do not lay out")
        fields.append(Field(path.rpartition("/")[2], kind))
    return fields


def _spellings(guid: bytes) -> Iterator[bytes]:
    """Yield a GUID as templates write it: as text in either letter case, or as a value."""
    yield guid
    for text in (str(UUID(bytes_le=guid)), str(UUID(bytes_le=guid)).upper()):
        yield text.encode("utf-16-le")


def _guid_bytes(text: str) -> bytes | None:
    try:
        return UUID(text).bytes_le
    except ValueError:
        return None
