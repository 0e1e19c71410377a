"""How the payload of one kind of event is laid out: its fields in order, whoever described them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

STRUCT = 24
"""The type of a field that has no bytes of its own: its members follow."""

MOST_FIELDS = 512
"""Providers write at most 128; a description that claims more than this is damage."""

DEEPEST = 16
"""So deep a struct may lie inside others; a description that goes deeper is damage."""


class Misfit(ValueError):
    """Raised when a description or a payload breaks its own rules; it costs that event only."""


class Field(msgspec.Struct, frozen=True):
    """One field: its type on the wire (`kind`), how Windows would show it (`out`), how often it comes.

    `length` and `count` are numbers, or say where the number stands: `length_of` and `count_of` are indices
    of earlier fields, `counted` means 16 bits right before the values.
    """

    name: str
    kind: int
    out: int = 0
    members: tuple[Field, ...] = ()
    array: bool = False
    counted: bool = False
    count: int = 1
    count_of: int | None = None
    length: int | None = None
    length_of: int | None = None


class Layout(msgspec.Struct, frozen=True):
    """The name of an event, and its fields."""

    name: str
    fields: tuple[Field, ...]
    provider: str = ""


def distinct(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return fields whose names differ: one that comes again is called name_2, name_3 and so on."""
    taken: dict[str, int] = {}
    named = []
    for field in fields:
        name = field.name
        while name in taken:
            taken[field.name] += 1
            name = f"{field.name}_{taken[field.name]}"
        taken[name] = 1
        named.append(field if name == field.name else replace(field, name=name))
    return tuple(named)
