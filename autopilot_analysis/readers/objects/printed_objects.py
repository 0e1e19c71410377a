"""Objects of a service that PowerShell showed, one property a line -> objects as JSON would hold them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.listed_objects import objects_in
from autopilot_analysis.readers.objects.powershell_json import Object

NESTED, LISTED = "@{", "{"
"""How an object and how a list begin that is the value of a property."""
_ERROR = re.compile(r"\bZtd\w{1,80}")
"""How the registration service names its errors."""


def printed_objects(text: str) -> list[Object]:
    """Return the objects of a text, their values as text; of lists and of objects inside them as such.

    Args:
        text: Decoded text.
    """
    return [
        {name: _value(value) for name, value in each.values.items()} for each in objects_in(text.splitlines())
    ]


def named_beside(text: str) -> tuple[str, ...]:
    """Return the errors of the registration service that only the words around objects name.

    Args:
        text: Decoded text.
    """
    lines = text.splitlines()
    inside = {at for each in objects_in(lines) for at in range(each.begin, each.end)}
    shown = {name for at in inside for name in _ERROR.findall(lines[at])}
    around = (name for at, line in enumerate(lines) if at not in inside for name in _ERROR.findall(line))
    return tuple(name for name in dict.fromkeys(around) if name in _errors() - shown)


@cache
def _errors() -> frozenset[str]:
    """Return the names of errors that no other text has: those that are one word."""
    return frozenset(
        name for name in read_facts("service_codes")["name"].drop_nulls() if _ERROR.fullmatch(name)
    )


def _value(text: str) -> Any:  # any JSON value
    """Return a value; one of which PowerShell shows nothing is null."""
    inner = text[:-1].partition("{")[2]
    if text.startswith(NESTED) and text.endswith("}"):
        pairs = (pair.partition("=") for pair in inner.split("; "))
        return {name.strip(): value.strip() or None for name, _, value in pairs if name.strip()}
    if text.startswith(LISTED) and text.endswith("}"):
        return [each.strip() for each in inner.split(",") if each.strip()]
    return text or None
