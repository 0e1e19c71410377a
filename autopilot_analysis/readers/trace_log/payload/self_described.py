"""TraceLogging: events that carry their own description.

Facts: the public header TraceLoggingProvider.h, and its counterpart of the Rust crate `tracelogging`.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from autopilot_analysis.readers.trace_log.payload.layout import (
    DEEPEST,
    MOST_FIELDS,
    STRUCT,
    Field,
    Layout,
    Misfit,
    distinct,
)

_MORE = 0x80
_CONSTANT, _VARIABLE, _CUSTOM = 0x20, 0x40, 0x60


@lru_cache(maxsize=1024)
def event_layout(described: bytes) -> Layout | None:
    """Return what an event's own description says, or None when it breaks its rules.

    Args:
        described: The extended item of type 11, its size first.
    """
    reader = _Description(described[: int.from_bytes(described[:2], "little")], 2)
    try:
        reader.skip_tags()
        name = reader.text()
        return Layout(name, reader.fields())
    except (Misfit, IndexError):
        return None


@lru_cache(maxsize=1024)
def provider_name(traits: bytes) -> str:
    """Return the name at the start of a provider's traits; empty for providers with a manifest.

    Args:
        traits: The extended item of type 12, its size first.
    """
    return traits[2:].partition(b"\0")[0].decode("utf-8", "replace")


class _Description:
    """Reads one description from front to back."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self._at = at
        self._left = MOST_FIELDS

    def byte(self) -> int:
        value = self._content[self._at]
        self._at += 1
        return value

    def short(self) -> int:
        return self.byte() | self.byte() << 8

    def text(self) -> str:
        end = self._content.find(b"\0", self._at)
        if end < 0:
            raise Misfit("a name without an end")
        value = self._content[self._at : end].decode("utf-8", "replace")
        self._at = end + 1
        return value

    def skip_tags(self) -> None:
        while self.byte() & _MORE:
            pass

    def fields(self) -> tuple[Field, ...]:
        """Return all fields, structs with their members inside."""
        found = []
        while self._at < len(self._content):
            found.append(self._field(0))
        return distinct(found)

    def _field(self, depth: int) -> Field:
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise Misfit("structs too deep inside one another, or too many fields")
        name, kind, out = self.text(), self.byte(), 0
        if kind & _MORE:
            out = self.byte()
            if out & _MORE:
                self.skip_tags()
        field = self._repeated(Field(name, kind & 0x1F, out & 0x7F), kind & _CUSTOM)
        if field.kind != STRUCT:
            return field
        return replace(field, members=distinct(self._field(depth + 1) for _ in range(field.out)))

    def _repeated(self, field: Field, count: int) -> Field:
        if count == _CONSTANT:
            return replace(field, array=True, count=self.short())
        if count == _VARIABLE:
            return replace(field, array=True, counted=True)
        if count == _CUSTOM:
            raise Misfit("a type of the provider's own")
        return field
