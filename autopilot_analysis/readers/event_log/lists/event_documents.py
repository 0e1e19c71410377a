"""Records of events as JSON documents -> `events`: as dumpers of logs write them, and what collects logs.

They hold what the XML of a record holds, each under names of its own: `System` as the EVTX parser spells it
(attributes apart), or `system` with `event_id` or `eventID` in it, or all beside the data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from autopilot_analysis.facts.event_documents import DATA, SYSTEM, document_names, plain
from autopilot_analysis.facts.event_lists import level_of
from autopilot_analysis.readers.event_log.event_record import Record
from autopilot_analysis.readers.event_log.lists.event_rows import broken_off, no_list
from autopilot_analysis.readers.event_log.record_rows import events_of_records
from autopilot_analysis.readers.objects.json_objects import read_objects
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import utf8

Object = Mapping[str, Any]
DEEPEST = 4
"""So many objects may lie around a record."""
STRANGE = "objects of this file are no records of events"
_INSIDE = ("execution", "security", "correlation", "process", "provider", "user")
"""Objects in which some writers put fields of the system's part."""


def read_event_documents(content: bytes, member: str = "") -> Reading:
    """Return the events of one document or of several, by record id.

    Args:
        content: The whole file: one object, an array, or lines.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The content is no JSON, or holds no record of an event.
    """
    found = read_objects(utf8(content), member)
    spelt = [(number, _spelt(row, number)) for number, row in enumerate(found.rows, 1)]
    records: list[Record] = [record for _, record in spelt if record is not None]
    if not records:
        raise no_list(member)
    unread = [broken_off(records)] if found.cut else []
    if strange := len(spelt) - len(records):
        unread.append(Unread(STRANGE, count=strange))
    return Reading({"events": events_of_records(iter([records]))}, tuple(unread))


def _spelt(row: Object, number: int) -> Record | None:
    """Return a record as the EVTX parser spells it; None where an object is none."""
    ours = document_names()
    for part, around in _parts(row, {}, 0):
        if isinstance(part.get("System"), dict) and isinstance(part["System"].get("Provider"), dict):
            return _number(part["System"].get("EventRecordID"), number), json.dumps({"Event": part})
        system = next((value for name, value in part.items() if ours.get(plain(name)) == SYSTEM), part)
        fields = _fields(system) if isinstance(system, dict) else {}
        if "provider" in fields and "event_id" in fields:
            fields = {**_fields(around), **fields}
            inner = {plain(name): value for name, value in part.items() if value and isinstance(value, dict)}
            known = next((inner[name] for name in ours if ours[name] == DATA and name in inner), {})
            return _number(fields.get("record"), number), _document(fields, known)
    return None


def _parts(row: Object, around: Object, depth: int) -> Iterator[tuple[Object, Object]]:
    """Yield an object and those in it, the outer first, each with what stands around it."""
    yield row, around
    for value in row.values() if depth < DEEPEST else ():
        if isinstance(value, dict):
            yield from _parts(value, {**around, **row}, depth + 1)


def _fields(system: Object) -> dict[str, Any]:
    """Return the fields of the system's part under our names, those of objects inside it among them."""
    fields: dict[str, Any] = {}
    for name, value in system.items():
        if isinstance(value, dict):
            fields |= _fields(value) if plain(name) in _INSIDE else {}
        elif (ours := document_names().get(plain(name))) is not None and value not in (None, ""):
            fields.setdefault(ours, value)
    return fields


def _document(fields: Mapping[str, Any], data: Object) -> str:
    process, thread = (_number(fields.get(name), None) for name in ("process", "thread"))
    system = {
        "Provider": {"#attributes": {"Name": str(fields["provider"])}},
        "EventID": _number(fields["event_id"], 0),
        "Version": _number(fields.get("version"), 0),
        "Level": _number(fields.get("level"), None) or level_of(str(fields.get("level", ""))),
        "TimeCreated": {"#attributes": {"SystemTime": _instant(fields.get("time"))}},
        "EventRecordID": _number(fields.get("record"), None),
        "Channel": fields.get("channel"),
        "Computer": fields.get("computer"),
        "Execution": {"#attributes": {"ProcessID": process, "ThreadID": thread}},
        "Security": {"#attributes": {"UserID": fields.get("user")}},
        "Correlation": {"#attributes": {"ActivityID": fields.get("activity")}},
    }
    return json.dumps({"Event": {"System": system, "EventData": dict(data) or None}})


def _number(value: Any, otherwise: Any) -> Any:
    """Return a number that may be spelt as text."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else otherwise


def _instant(value: Any) -> str | None:
    """Return an instant as the EVTX parser spells it; None where it is none, or tells no offset."""
    try:
        at = datetime.fromisoformat(str(value))
        utc = at.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return None if at.tzinfo is None else f"{utc.isoformat('T', 'microseconds')}Z"
