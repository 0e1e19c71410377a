"""JSON as Windows writes it -> named facts: several objects one after another, JSON inside strings."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from autopilot_analysis.readers.reading import ILL_FORMED, Unread

_DEEPEST_STRING = 4
_LONGEST_PATH = 60
_LONGEST_TEXT = 10_000
_BLANK = " \t\r\n\ufeff\0"


class Pairs(list[tuple[str, object]]):
    """A JSON object as its members in order, repeated names included."""

    def get(self, name: str) -> object:
        """Return the first member called `name`, None when there is none.

        Args:
            name: The member's name, in its own case.
        """
        return next((value for key, value in self if key == name), None)


class Fact(msgspec.Struct, frozen=True):
    """One scalar: the path of the object it stands in, its name, its text (None for null)."""

    section: str
    name: str
    value: str | None


_DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=str, parse_float=str, parse_constant=str, strict=False
)  # numbers stay as written


def read_objects(text: str) -> tuple[list[object], tuple[Unread, ...]]:
    """Return the JSON values of a text that may hold several one after another, and what is no JSON.

    Objects are `Pairs`, numbers are text as written. Reading stops at the first fault.

    Args:
        text: Decoded text.
    """
    values: list[object] = []
    at = _next(text, 0)
    while at < len(text):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except RecursionError:
            return values, (Unread("the JSON is nested too deeply to be read", _line(text, at)),)
        except ValueError as error:
            fault = error.pos if isinstance(error, json.JSONDecodeError) else at
            return values, (Unread(f"the JSON {ILL_FORMED} here", _line(text, min(fault, len(text)))),)
        values.append(value)
        at = _next(text, at)
    return values, ()


def facts_of(value: object, section: str = "") -> Iterator[Fact]:
    """Yield the scalars in a JSON value, in order of appearance.

    The section is the path of names to the object a scalar stands in, a dot between them; an item of a list
    has its place behind the name, like `items[0]`. JSON inside a string follows the string, under its name.

    Args:
        value: As `read_objects` returns it.
        section: Path of `value` itself.
    """
    stack: list[tuple[str, str, object, int]] = [(section, "", value, 0)]
    while stack:
        path, name, current, depth = stack.pop()
        if isinstance(current, Pairs):
            bounded = path.count(".") >= _LONGEST_PATH or len(path) > _LONGEST_TEXT
            inner = path if bounded else f"{path}.{name}" if path and name else path or name
            stack.extend((inner, key, member, depth) for key, member in reversed(current))
        elif isinstance(current, list):
            items = [(path, f"{name}[{place}]", item, depth) for place, item in enumerate(current)]
            stack.extend(reversed(items))
        else:
            text = scalar(current)
            yield Fact(path, name, text)
            if text and depth < _DEEPEST_STRING and text.lstrip()[:1] in ("{", "["):
                inside, unread = read_objects(text)
                if not unread and len(inside) == 1:
                    stack.append((path, name, inside[0], depth + 1))


def scalar(value: object) -> str | None:
    """Return a JSON scalar as text: true, false, a number or string as written; None for null.

    Args:
        value: One of `read_objects`' scalars.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _next(text: str, at: int) -> int:
    """Return where the next value begins: past blanks, byte order marks and commas between values."""
    while at < len(text) and (text[at] in _BLANK or text[at] == ","):
        at += 1
    return at


def _line(text: str, at: int) -> int:
    """Return the line, from 1, on which a place of the text stands."""
    return text.count("\n", 0, at) + 1
