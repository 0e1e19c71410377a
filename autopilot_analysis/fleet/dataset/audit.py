"""The values that an administrator changed, as the audit log has them before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from autopilot_analysis import wording

MOST_VALUES = 3
"""Values told of one change."""
LONGEST_VALUE = 60
"""A longer value is a script, a certificate or a document: that it changed is told, not what it is."""
NAMES = ("Name", "DisplayName", "displayName")
OLD, NEW = ("Old", "OldValue", "oldValue"), ("New", "NewValue", "newValue")
"""How Log Analytics and Graph call a property, its value before and its value after."""
TARGETS = ("Targets", "resources")
MODIFIED = ("ModifiedProperties", "modifiedProperties")
OF_THE_CALL = ("DeviceManagementAPIVersion",)
"""Properties by which the service says how it was called: nobody changed them."""
EMPTY = ("", "null", "<null>", "[]", "{}")


def values_in_words(properties: str | None) -> str | None:
    """Return which values a change moved from what to what; None where its record names none.

    Args:
        properties: The JSON of a record of the audit log.

    Example:
        >>> values_in_words('{"Targets": [{"ModifiedProperties": [{"Name": "A", "Old": "1", "New": "2"}]}]}')
        'A from 1 to 2'
    """
    values = list(dict.fromkeys(_in_words(*one) for one in _modified(properties)))
    left = len(values) - MOST_VALUES
    more = [f"and {wording.count(left, 'more value')}"] if left > 0 else []
    return ", ".join([*values[:MOST_VALUES], *more]) or None


def _modified(properties: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield name, old and new value of each property that a record says was changed to another value."""
    try:
        whole = json.loads(properties or "null")
    except ValueError:
        return
    targets = (
        next((whole[name] for name in TARGETS if name in whole), ()) if isinstance(whole, dict) else whole
    )
    for target in targets if isinstance(targets, list) else ():
        for one in _first(target, MODIFIED) or ():
            name, old, new = (_plain(_first(one, names)) for names in (NAMES, OLD, NEW))
            if name and name not in OF_THE_CALL and old != new:
                yield name, old, new


def _first(record: Any, names: tuple[str, ...]) -> Any:  # JSON is what it is
    return (
        next((record[name] for name in names if name in record), None)
        if isinstance(record, Mapping)
        else None
    )


def _plain(value: Any) -> str:  # JSON is what it is
    """Return a value as text, without the quotes that the service writes; empty where there is none."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.strip().strip('"').split())
    return "" if text in EMPTY else text


def _in_words(name: str, old: str, new: str) -> str:
    if max(len(old), len(new)) > LONGEST_VALUE:
        return f"{name} changed"
    if not old:
        return f"{name} set to {new}"
    return f"{name} from {old} to {new}" if new else f"{name} emptied, before {old}"
