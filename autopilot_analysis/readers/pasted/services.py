r"""What commands show of services, and of keys of the registry -> the registry values that they show.

`sc qc`, Get-Service and Win32_Service show the value Start below the key of a service; it is put back there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import NO_KIND, Reading, rows_of
from autopilot_analysis.readers.registry.registry_notes import HIVES
from autopilot_analysis.readers.text import written_lines

SERVICES = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services"
STARTS = {
    "boot": 0,
    "system": 1,
    "automatic": 2,
    "auto": 2,
    "automaticdelayedstart": 2,
    "manual": 3,
    "disabled": 4,
}
"""The number of a start type, for its name in PowerShell."""
OF_ONE = 8
"""So many lines stand at most between the name of a service and its start type."""
_SC_NAME = late(r"[ \t>|]{0,16}[A-Z_Ä-Ü]{6,24} ?: ?(?P<service>[\w.$-]{2,128})\s*$")
_SC_START = late(
    r"[ \t>|]{1,24}\w[\w ]{2,30}?\s{0,24}: (?P<start>[0-4])\s{1,4}(?:BOOT_START|SYSTEM_START|AUTO_START|"
    r"DEMAND_START|DISABLED)\b"
)
_NAME = late(r"(?i)[ \t>|]{0,16}Name\s{0,24}: (?P<service>[\w.$-]{2,128})\s*$")
_START = late(r"(?i)[ \t>|]{0,16}Start(?:Type|Mode)\s{0,24}: (?P<start>[a-z]{4,24})\s*$")
_HEADER = late(r"(?i)\bName\b.{0,200}\bStart(?:Type|Mode)\b|\bStart(?:Type|Mode)\b.{0,200}\bName\b")
_RULER = late(r"-{2,40}")
_KEY = late(rf"[ \t>|]{{0,16}}\[?(?P<hive>{shared_pattern('HIVE')}):?(?P<path>\\[^\n\]=]{{1,1000}}?)\]?\s*$")
_EXPORTED = late(
    r"[ \t>|]{0,16}\"(?P<name>[^\"\n]{1,255})\"="
    r"(?:dword:(?P<number>[0-9a-fA-F]{8})|\"(?P<text>.{0,4000})\")\s*$"
)
_VALUE = late(
    r"[ \t>|]{2,24}(?P<name>\S[^\t]{0,250}?)(?: {2,8}|\t)(?P<kind>REG_[A-Z_]{2,24})(?: {2,8}|\t)"
    r"(?P<text>.{0,4000})$"
)
Value = tuple[int, str, str, str, str]
"""Line, key, name, kind and text of a registry value."""


def find_services(content: bytes) -> Reading | None:
    """Return the registry values that commands show in a text; None where there are none.

    Args:
        content: The whole file.
    """
    lines = written_lines(content)
    values = sorted({*_started(lines), *_tables(lines), *_queried(lines)})
    if not values:
        return None
    records, keys, names, kinds, texts = (list(column) for column in zip(*values, strict=True))
    columns: dict[str, list[object]] = {
        "record": records,
        "key": keys,
        "name": names,
        "kind": kinds,
        "value": texts,
    }
    return Reading({"registry_values": rows_of("registry_values", columns)})


def _started(lines: Sequence[str]) -> Iterator[Value]:
    """Yield the start types that stand below the name of their service, one property a line."""
    service, named = "", -OF_ONE
    for at, line in enumerate(lines):
        name = _SC_NAME.match(line[:400]) or _NAME.match(line[:400])
        if name:
            service, named = name["service"], at
        elif service and at - named <= OF_ONE and (start := _start_of(line[:400])):
            yield _start_value(at, service, start)


def _start_of(line: str) -> str:
    """Return the number of the start type that a line shows, "" for none."""
    if shown := _SC_START.match(line):
        return shown["start"]
    named = _START.match(line)
    return _number(named["start"]) if named else ""


def _tables(lines: Sequence[str]) -> Iterator[Value]:
    """Yield the start types of a table that PowerShell shows, by the rulers below its headings."""
    for at, line in enumerate(lines[:-1]):
        if not _HEADER.search(line[:400]):
            continue
        rulers = [hit.span() for hit in _RULER.finditer(lines[at + 1][:400])]
        names = [
            line[begin:].split(None, 1)[0].lower() if line[begin:].strip() else "" for begin, _ in rulers
        ]
        where = {name: begin for name, (begin, _) in zip(names, rulers, strict=True)}
        start = where.get("starttype", where.get("startmode"))
        if "name" not in where or start is None:
            continue
        for below, row in enumerate(lines[at + 2 :], at + 2):
            if not row.strip():
                break
            service, word = row[where["name"] :].split(None, 1)[:1], row[start:].split(None, 1)[:1]
            if service and word and (number := _number(word[0])):
                yield _start_value(below, service[0], number)


def _number(word: str) -> str:
    number = STARTS.get(word.lower())
    return "" if number is None else str(number)


def _start_value(at: int, service: str, number: str) -> Value:
    return at + 1, f"{SERVICES}\\{service}", "Start", NO_KIND, number


def _queried(lines: Sequence[str]) -> Iterator[Value]:
    """Yield the values that `reg query`, or lines of an export of the registry, show below their key."""
    key = ""
    for at, line in enumerate(lines):
        if named := _KEY.match(line[:1100]):
            key = f"{HIVES.get(named['hive'].lower(), named['hive'])}{named['path']}"
        elif key and (value := _VALUE.match(line)):
            yield at + 1, key, value["name"], value["kind"], _plain(value["kind"], value["text"].strip())
        elif key and (value := _EXPORTED.match(line)):
            number = value["number"]
            text = (value["text"] or "").replace("\\\\", "\\") if number is None else str(int(number, 16))
            yield at + 1, key, value["name"], "REG_SZ" if number is None else "REG_DWORD", text


def _plain(kind: str, text: str) -> str:
    """Return the text of a value as the other readers of a registry have it: numbers in decimal."""
    number = kind in ("REG_DWORD", "REG_QWORD") and re.fullmatch(r"0x[0-9a-fA-F]{1,16}", text)
    return str(int(text, 16)) if number else text
