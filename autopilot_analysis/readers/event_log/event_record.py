"""Event records as the EVTX parser spells them (JSON) -> columns of `events`.

`System` is decoded into typed fields; what the provider wrote (`EventData`, `UserData`) stays JSON text.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from autopilot_analysis.readers.event_log.event_fields import named_fields

_INT64 = 2**63 - 1
_Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=_INT64)]


_NONE = msgspec.Raw()
_NULL = b"null"


class _Name(msgspec.Struct, gc=False):
    name: str | None = msgspec.field(name="Name", default=None)


class _Provider(msgspec.Struct, gc=False):
    attributes: _Name = msgspec.field(name="#attributes", default_factory=_Name)


class _Time(msgspec.Struct, gc=False):
    time: str | None = msgspec.field(name="SystemTime", default=None)


class _Created(msgspec.Struct, gc=False):
    attributes: _Time = msgspec.field(name="#attributes", default_factory=_Time)


class _Activity(msgspec.Struct, gc=False):
    activity: str | None = msgspec.field(name="ActivityID", default=None)


class _Correlation(msgspec.Struct, gc=False):
    attributes: _Activity = msgspec.field(name="#attributes", default_factory=_Activity)


class _Process(msgspec.Struct, gc=False):
    process: _Int64 | None = msgspec.field(name="ProcessID", default=None)
    thread: _Int64 | None = msgspec.field(name="ThreadID", default=None)


class _Execution(msgspec.Struct, gc=False):
    attributes: _Process = msgspec.field(name="#attributes", default_factory=_Process)


class _User(msgspec.Struct, gc=False):
    user: str | None = msgspec.field(name="UserID", default=None)


class _Security(msgspec.Struct, gc=False):
    attributes: _User = msgspec.field(name="#attributes", default_factory=_User)


class _Qualified(msgspec.Struct, gc=False):
    text: _Int64 | None = msgspec.field(name="#text", default=None)


class _System(msgspec.Struct, gc=False):
    provider: _Provider | None = msgspec.field(name="Provider", default=None)
    event_id: _Int64 | _Qualified | None = msgspec.field(name="EventID", default=None)
    version: _Int64 | None = msgspec.field(name="Version", default=None)
    level: _Int64 | None = msgspec.field(name="Level", default=None)
    created: _Created | None = msgspec.field(name="TimeCreated", default=None)
    record: _Int64 | None = msgspec.field(name="EventRecordID", default=None)
    correlation: _Correlation | None = msgspec.field(name="Correlation", default=None)
    execution: _Execution | None = msgspec.field(name="Execution", default=None)
    channel: str | None = msgspec.field(name="Channel", default=None)
    computer: str | None = msgspec.field(name="Computer", default=None)
    security: _Security | None = msgspec.field(name="Security", default=None)


class _Event(msgspec.Struct, gc=False):
    system: _System = msgspec.field(name="System", default_factory=_System)
    event_data: msgspec.Raw = msgspec.field(name="EventData", default=_NONE)
    user_data: msgspec.Raw = msgspec.field(name="UserData", default=_NONE)
    processing_error: msgspec.Raw = msgspec.field(name="ProcessingErrorData", default=_NONE)
    bookmark: msgspec.Raw = msgspec.field(name="SubscriptionBookmarkEvent", default=_NONE)


class _Document(msgspec.Struct, gc=False):
    event: _Event = msgspec.field(name="Event")


_decode = msgspec.json.Decoder(_Document, strict=False).decode
_FIELD_TYPES = {field.encode_name: field.type for field in msgspec.structs.fields(_System)}


Record = tuple[int, str]
"""What the parser yields of one record: the record id in its header, and the record as JSON."""


def columns_of(records: list[Record]) -> dict[str, list[Any]]:
    """Return equal-length lists of what `System` and the payload of each record say.

    A record whose `System` disobeys the schema keeps the fields that obey it; the record id of its header
    stands in where `System` has none. `recorded_at` is still text.

    Args:
        records: What the parser yields.
    """
    events = _events([text for _, text in records])
    systems = [event.system for event in events]
    ids = [s.event_id for s in systems]
    created = [s.created for s in systems]
    executions = [s.execution and s.execution.attributes for s in systems]
    return {
        "record": [
            header & _INT64 if s.record is None else s.record
            for (header, _), s in zip(records, systems, strict=True)
        ],
        "recorded_at": [c and c.attributes.time for c in created],
        "channel": [s.channel for s in systems],
        "provider": [s.provider and s.provider.attributes.name for s in systems],
        "event_id": [i.text if type(i) is _Qualified else i for i in ids],
        "version": [s.version for s in systems],
        "level": [s.level for s in systems],
        "computer": [s.computer for s in systems],
        "user_sid": [s.security and s.security.attributes.user for s in systems],
        "process_id": [e and e.process for e in executions],
        "thread_id": [e and e.thread for e in executions],
        "activity_id": [s.correlation and s.correlation.attributes.activity for s in systems],
        "data": [
            named_fields(_parts(e))
            if e.user_data or e.processing_error or e.bookmark
            else str(e.event_data or _NULL, "utf-8")
            for e in events
        ],
    }


def _events(texts: list[str]) -> list[_Event]:
    try:
        return [_decode(text).event for text in texts]
    except (msgspec.DecodeError, RecursionError):
        return [_lenient(text) for text in texts]


def _lenient(text: str) -> _Event:
    """Decode one record, without the fields of `System` that break its schema."""
    try:
        return _decode(text).event
    except (msgspec.DecodeError, RecursionError):
        parts = _raw_object(_raw_object(text).get("Event"))
    kept = {name: value for name, value in _raw_object(parts.get("System")).items() if _obeys(name, value)}
    return _decode(msgspec.json.encode({"Event": {**parts, "System": kept}})).event


def _obeys(name: str, value: msgspec.Raw) -> bool:
    try:
        msgspec.json.decode(value, type=_FIELD_TYPES.get(name, Any), strict=False)
    except msgspec.DecodeError:
        return False
    return True


def _raw_object(text: str | msgspec.Raw | None) -> dict[str, msgspec.Raw]:
    """Return the members of a JSON object, undecoded; nothing when it is no object."""
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return {}


def _parts(event: _Event) -> dict[str, str]:
    """Return the parts of an event beside `System`, each as JSON text under its name."""
    parts = {
        "EventData": event.event_data,
        "UserData": event.user_data,
        "ProcessingErrorData": event.processing_error,
        "SubscriptionBookmarkEvent": event.bookmark,
    }
    return {name: str(part, "utf-8") for name, part in parts.items() if part}
