"""Records of events as PowerShell's ConvertTo-Json writes them -> `events`.

Windows PowerShell writes dates as ticks inside text, or as an object around them; PowerShell 7 writes them
with their offset. `Properties` holds what the provider wrote, unless the depth of the conversion cut it off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autopilot_analysis.facts.event_lists import list_columns
from autopilot_analysis.readers.event_log.lists.event_rows import (
    Listed,
    broken_off,
    events_of,
    no_events,
    no_list,
)
from autopilot_analysis.readers.objects.json_objects import read_objects
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import utf8, whole_text

Object = Mapping[str, Any]
SHALLOW = "EventProperty"
"""The type that stands in place of a value which was too deep to be converted."""


def read_event_objects(content: bytes, member: str = "") -> Reading:
    """Return the events of a list of objects, oldest first, and one gap where the list breaks off.

    Args:
        content: The whole file, sound or cut.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The content is no JSON, or holds no event.
    """
    found = read_objects(utf8(content), member)
    listed = [event for row in found.rows if (event := _listed(row)) is not None]
    if not listed:
        raise no_list(member)
    unread = []
    if found.cut:
        unread.append(broken_off(listed))
    if strange := len(found.rows) - len(listed):
        unread.append(no_events("objects", strange))
    return events_of(listed, unread)


def _listed(row: Object) -> Listed | None:
    columns = list_columns()
    cells: dict[str, str | None] = {}
    for name, value in row.items():
        if (column := columns.get(name.lower())) is not None and value is not None:
            cells.setdefault(column, _text(value))
    if not (cells.get("event_id") or "").isdigit() or "at" not in cells:
        return None
    if not cells.get("level") and isinstance(row.get("Level"), int):
        cells["level"] = str(row["Level"])
    return Listed(cells, _values(row.get("Properties")))


def _text(value: Any) -> str | None:  # JSON is anything
    """Return a value as text: the one inside an object that PowerShell puts around a date or a SID."""
    if isinstance(value, dict):
        value = next((value[name] for name in ("value", "Value", "DateTime") if name in value), None)
    if isinstance(value, str):
        return whole_text(value)
    return None if value is None or isinstance(value, (dict, list)) else str(value)


def _values(properties: Any) -> list[Any]:  # JSON is anything
    """Return what the provider wrote, in its order; nothing where the depth of the conversion cut it off.

    Bytes and other lists are null.
    """
    if isinstance(properties, dict):
        properties = properties.get("value") or properties.get("Value")
    if not isinstance(properties, list):
        return []
    values = [each.get("Value") if isinstance(each, dict) else each for each in properties]
    if any(isinstance(each, str) and each.endswith(SHALLOW) for each in values):
        return []
    return [None if isinstance(each, (dict, list)) else each for each in values]
