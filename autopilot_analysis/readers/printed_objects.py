"""Objects of a service that PowerShell showed, one property a line -> objects as JSON would hold them."""

from __future__ import annotations

from typing import Any

from autopilot_analysis.facts.listed_objects import objects_in
from autopilot_analysis.readers.powershell_json import Object

NESTED, LISTED = "@{", "{"
"""How an object and how a list begin that is the value of a property."""


def printed_objects(text: str) -> list[Object]:
    """Return the objects of a text, their values as text; of lists and of objects inside them as such.

    Args:
        text: Decoded text.
    """
    return [
        {name: _value(value) for name, value in each.values.items()} for each in objects_in(text.splitlines())
    ]


def _value(text: str) -> Any:  # any JSON value
    """Return a value; one of which PowerShell shows nothing is null."""
    inner = text[:-1].partition("{")[2]
    if text.startswith(NESTED) and text.endswith("}"):
        pairs = (pair.partition("=") for pair in inner.split("; "))
        return {name.strip(): value.strip() or None for name, _, value in pairs if name.strip()}
    if text.startswith(LISTED) and text.endswith("}"):
        return [each.strip() for each in inner.split(",") if each.strip()]
    return text or None
