"""A name book: JSON or CSV that says what the ids of apps, scripts, policies and groups are called."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from autopilot_analysis.defaults import NAME_BOOKS
from autopilot_analysis.errors import AnalysisError, BadInput, reason_of
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.readers.objects.json_objects import plain_bytes, read_objects
from autopilot_analysis.readers.objects.powershell_json import Object
from autopilot_analysis.readers.reading import Reading, rows_of
from autopilot_analysis.readers.text import decode

NAME_BOOK = "name book"
"""The section under which names stand among the properties: `name` is the id, `value` what it is called."""

_ID = re.compile(rf"\{{?({GUID})\}}?")
_IDS = {"id", "appid", "applicationid", "appidentifier", "policyid", "scriptid", "groupid", "objectid"}
_NAMES = {"name", "displayname", "appname", "applicationname", "policyname", "scriptname", "groupname"}
_OF_DEVICES = re.compile(rb"(?i)device|user|serial|upn")
"""Words in the header of a report on devices: its rows are read as such, not as names."""

_NAMED = {"publisher", "publishingstate", "rolescopetagids", "securityenabled", "scriptcontent"}
"""Properties of the objects of Graph that have a name worth knowing: apps, policies, scripts, groups."""
_LISTED = re.compile(
    rb"\$metadata#(?:deviceAppManagement/mobileApps|groups|deviceManagement/(?:deviceManagementScripts"
    rb"|deviceShellScripts|deviceHealthScripts|deviceComplianceScripts|deviceConfigurations"
    rb"|configurationPolicies|deviceCompliancePolicies|groupPolicyConfigurations))\b"
)
_HEAD = 4_096
_HINT = re.compile(rb'(?i)"(?:%s)"' % b"|".join(name.encode() for name in sorted(_NAMED)))


def read_name_book(file: str | Path) -> pl.DataFrame:
    """Read a name book that the analyst names.

    Args:
        file: One of `NAME_BOOKS`; in JSON `id` with `displayName` or `name`, in CSV two columns, with or
            without a header.

    Returns:
        Columns record, section (`NAME_BOOK`), name (the id, lower case) and value (what it is called).

    Raises:
        BadInput: The file cannot be read, or names nothing.
    """
    path = Path(file)
    advice = f"name one of these: {NAME_BOOKS}"
    try:
        content = path.read_bytes()
        book = _of_json(content, path.name, every=True) if _is_json(content) else _of_csv(decode(content))
    except (OSError, AnalysisError) as error:
        raise BadInput(f"{file} cannot be read as a name book: {reason_of(error)}; {advice}") from error
    if book.is_empty():
        raise BadInput(f"{file} names no id; {advice}")
    return book


def names_in(content: bytes, member: str) -> Reading | None:
    """Return the names that a member of an export gives; None where it is no name book.

    Args:
        content: The member's bytes.
        member: Its path, for messages.
    """
    if _is_json(content):
        if not (_LISTED.search(content, 0, _HEAD) or _HINT.search(content)):
            return None
        book = _of_json(content, member, every=_LISTED.search(content, 0, _HEAD) is not None)
    else:
        header = content[:_HEAD].split(b"\n", 1)[0]
        if _OF_DEVICES.search(header) or not (header.count(b",") == 1 or b"AppIdentifier" in header):
            return None
        book = _of_csv(decode(content))
    return None if book.is_empty() else Reading({"properties": book})


def _is_json(content: bytes) -> bool:
    return decode(content[:64]).lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def _of_json(content: bytes, member: str, *, every: bool) -> pl.DataFrame:
    """Return the names of objects; of `every` one with an id and a name, or of the kinds known here."""
    objects = read_objects(plain_bytes(content, member), member).rows
    return _book((n, *_named(found)) for n, found in enumerate(objects, 1) if every or _is_named(found))


def _is_named(found: Object) -> bool:
    return not _NAMED.isdisjoint(name.lower() for name in found)


def _named(found: Object) -> tuple[object, object]:
    low = {name.lower(): value for name, value in found.items()}
    return low.get("id"), low.get("displayname") or low.get("name")


def _of_csv(text: str) -> pl.DataFrame:
    lines = text.lstrip("\ufeff").splitlines()
    separator = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    rows = [(n, row) for n, row in enumerate(csv.reader(lines, delimiter=separator), 1) if row]
    places = _places(rows[0][1]) if rows else None
    if places is None:
        return _book(())
    key, name = places
    return _book((n, row[key], row[name]) for n, row in rows if len(row) > max(places))


def _places(header: list[str]) -> tuple[int, int] | None:
    """Return where id and name stand: by their headers, or in this order in a file without a header."""
    plain = ["".join(c for c in cell.lower() if c.isalnum()) for cell in header]
    key = next((n for n, cell in enumerate(plain) if cell in _IDS), None)
    name = next((n for n, cell in enumerate(plain) if cell in _NAMES), None)
    if key is not None and name is not None:
        return key, name
    return (0, 1) if len(header) == 2 and _ID.fullmatch(header[0].strip()) else None


def _book(rows: Iterable[tuple[int, object, object]]) -> pl.DataFrame:
    """Return the rows that name a GUID; the first name of an id holds."""
    kept = {found: (record, name) for found, record, name in reversed(list(_whole(rows)))}
    ordered = sorted((record, found, name) for found, (record, name) in kept.items())
    columns = zip(*ordered, strict=True) if ordered else ([], [], [])
    record, found, name = (list(column) for column in columns)
    return rows_of(
        "properties",
        {"record": record, "section": [NAME_BOOK] * len(record), "name": found, "value": name},
    )


def _whole(rows: Iterable[tuple[int, object, object]]) -> Iterator[tuple[str, int, str]]:
    for record, key, name in rows:
        match = _ID.fullmatch(key.strip()) if isinstance(key, str) else None
        if match and isinstance(name, str) and name.strip():
            yield match[1].lower(), record, name.strip()
