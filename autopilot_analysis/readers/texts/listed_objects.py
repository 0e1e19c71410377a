"""Objects that PowerShell shows as `Name : value` -> properties, each object under a section of its own.

What an object is, and under which names its properties are known here, stands in `facts/listed_objects.csv`;
of an object of no known kind nothing but its own words is kept. The log of Delivery Optimization, which
PowerShell shows in the same form, is a log: its records are lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from autopilot_analysis.clock.provenance import DECLARED, NOT_KNOWN
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.listed_objects import UNCLAIMED, Kind, ListedObject, objects_in
from autopilot_analysis.readers.local_times import DOUBTFUL, TELL, Times, read_times
from autopilot_analysis.readers.reading import Reading, Unread, rows_of
from autopilot_analysis.readers.text import decode, split_lines, written_lines
from autopilot_analysis.readers.texts.network.network_answers import add_answers, add_strange_answers
from autopilot_analysis.readers.texts.properties import Properties

LOG = "Delivery Optimization log"
"""The kind whose objects are records of a log."""
A_FAILURE = re.compile(r"\b0x[89][0-9a-f]{7}\b", re.IGNORECASE)
LOOKED_AT = 2_000
SEVERITIES = {"Error": "error", "Warning": "warning", "Info": "info"}


def read_listed_objects(content: bytes, member: str = "") -> Reading:
    """Return the objects of a text, and what tools of the network answered among them.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the kind of the object with what it is about, or `UNCLAIMED` with
        its number; names and values as written but for those that another tool writes too, which have that
        tool's name. Records of the log of Delivery Optimization are `log_lines`. Record is the text line.

    Raises:
        NotThisFormat: There is no such object and no such answer.
    """
    lines = split_lines(decode(content))
    objects = list(objects_in(lines))
    found = Properties()
    for number, each in enumerate(objects, 1):
        if each.kind is None or each.kind.name != LOG:
            _add(found, each, number)
    add_answers(found, lines)
    add_strange_answers(found, lines)
    if len(found):
        _add_codes(found, objects, lines)
    logged = [each for each in objects if each.kind and each.kind.name == LOG]
    if not len(found) and not logged:
        raise NotThisFormat.of(member, "shows no object with its properties, one a line.")
    log, doubts = _log(logged)
    named = found.reading() if len(found) else Reading()
    return Reading({**named.rows, **log}, doubts)


def find_objects(content: bytes) -> Reading | None:
    """Return the objects of known kinds that stand in a text, and what tools of the network answered.

    Args:
        content: The whole file.
    """
    lines = written_lines(content)
    found = Properties()
    for number, each in enumerate(objects_in(lines), 1):
        if each.kind is not None and each.kind.name != LOG:
            _add(found, each, number)
    add_answers(found, lines)
    add_strange_answers(found, lines)
    return found.reading() if len(found) else None


def _add_codes(found: Properties, objects: Sequence[ListedObject], lines: Sequence[str]) -> None:
    """Add the lines beside objects that name a result code of a failure, as "text": nobody read them."""
    read = {line for each in objects for line in each.lines.values()}
    read |= {record - 1 for record in found.records}
    for place, line in enumerate(lines):
        if place not in read and A_FAILURE.search(line[:LOOKED_AT]):
            found.add("", "text", line.strip()[:LOOKED_AT], place + 1)


def _add(found: Properties, listed: ListedObject, number: int) -> None:
    section = f"{UNCLAIMED} {number}" if listed.kind is None else _section(listed.kind, listed)
    added: set[str] = set()
    for name, value in listed.values.items():
        known = _known(listed.kind, name, value, added) if listed.kind else name
        if known is not None:
            added.add(known)
            found.add(section, known, _part(listed.kind, name, value), listed.lines[name] + 1)


def _known(kind: Kind, name: str, value: str, added: set[str]) -> str | None:
    """Return our name of a property, None for one that is not kept.

    One that tells something only by certain words is that where it has them, once in an object.
    """
    low = name.lower()
    known = kind.becomes.get(low, name)
    tells = known not in added and kind.parts[low].search(value) if low in kind.only_where else True
    return known if tells else name


def _section(kind: Kind, listed: ListedObject) -> str:
    """Return the kind of an object with what it is about."""
    values = {name.lower(): value for name, value in listed.values.items()}
    about = [value for subject in kind.subjects if (value := values.get(subject, ""))]
    return " ".join([kind.name, *about])


def _part(kind: Kind | None, name: str, value: str) -> str:
    """Return what counts of a value: all of it, but for a property whose value says more than one thing."""
    pattern = kind.parts.get(name.lower()) if kind else None
    part = pattern.search(value) if pattern else None
    return part[1] if part else value


def _log(records: Sequence[ListedObject]) -> tuple[dict[str, pl.DataFrame], tuple[Unread, ...]]:
    """Return records of a log as lines; their times are local, or UTC: nothing tells."""
    if not records:
        return {}, ()
    cells = [{name.lower(): value for name, value in each.values.items()} for each in records]
    times = read_times([values.get("timecreated", "") for values in cells])
    columns: dict[str, list[object]] = {
        "record": [each.begin + 1 for each in records],
        "written_at": [at and at.replace(tzinfo=None) for at in times.at],
        "at": [None if local else at for at, local in zip(times.at, times.local, strict=True)],
        "clock": [NOT_KNOWN if local else DECLARED for local in times.local],
        "severity": [SEVERITIES.get(values.get("levelname", "")) for values in cells],
        "component": [values.get("function") or None for values in cells],
        "thread": [_number(values.get("threadid", "")) for values in cells],
        "message": [_message(values) for values in cells],
    }
    return {"log_lines": rows_of("log_lines", columns)}, _doubts(times)


def _message(values: dict[str, str]) -> str:
    """Return the message of a record, with its error code behind it where it has one."""
    code = values.get("errorcode", "")
    return f"{values.get('message', '')} (ErrorCode {code})" if code else values.get("message", "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _doubts(times: Times) -> tuple[Unread, ...]:
    if not times.doubt:
        return ()
    return (Unread(DOUBTFUL.format(order=times.doubt), count=sum(times.local), advice=TELL),)
