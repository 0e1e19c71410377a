"""Events as PowerShell shows them on its screen: the table of Get-WinEvent, and its properties one a line.

A table names its provider above its header and parts its columns by blanks, under a row of dashes; a wrapped
message goes on in lines that begin with blanks, and so does a long value of Format-List.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autopilot_analysis.facts.event_blocks import Block
from autopilot_analysis.facts.event_lists import is_dated, is_number, level_of, list_columns

LEAST_INDENT = 8
"""Blanks before a line with which a message of a table goes on; a column of times is wider."""
_SIGNS = frozenset({"timecreated", "timegenerated", "providername"})
"""Properties that only events have, of which a list shows one at least."""
_RIGHT = ("event_id", "record", "process_id", "thread_id", "version")
"""Columns of numbers, which end below their header's end."""
_PROVIDER = re.compile(r"\s*ProviderName:\s*(\S.{0,255})")
_DASHES = re.compile(r"\s*-{2,}[\s-]*")
_RUN = re.compile(r"-+")
_PROPERTY = re.compile(r"([ \t>]{0,64})([A-Za-z]{2,32})(\s{0,64}):(?:\s|$)")
_ROW = re.compile(r"\s*(\S.{5,40}?\S)\s+(\d{1,5})(?:\s+(\S.*))?$")

Columns = tuple[tuple[str, int, int], ...]
"""Our name of each column of a table, with where its dashes begin and end."""


def tables_in(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the events of tables that Get-WinEvent showed.

    Args:
        lines: Of a text, without their ends.
    """
    provider, columns = "", None
    row: dict[str, str] = {}
    begin = 0
    for at, line in enumerate([*lines, "."]):
        if row and line[:LEAST_INDENT].isspace() and line.strip():
            row["message"] = f"{row.get('message', '')} {line.strip()}".strip()
            continue
        cells = _row(line, columns) if columns else None
        if row and (cells is not None or line.strip()):
            yield Block(row, begin, at)
            row = {}
        if cells is not None:
            row, begin = {"provider": provider, **cells}, at
        elif named := _PROVIDER.fullmatch(line):
            provider, columns = named[1].strip(), None
        elif (header := _columns(lines, at)) is not None:
            columns = header
        elif line.strip() and not _DASHES.fullmatch(line):
            provider, columns = "", None


def lists_in(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the events whose properties stand one a line, as Format-List writes them.

    Args:
        lines: Of a text, without their ends.
    """
    at = 0
    while at < len(lines):
        shown = _PROPERTY.match(lines[at])
        if shown is None or shown[2].lower() not in list_columns():
            at += 1
            continue
        properties, end = _properties(lines, at, shown)
        cells = {list_columns()[name]: value for name, value in properties.items() if name in list_columns()}
        if properties.keys() & _SIGNS and is_number(cells.get("event_id", "")):
            yield Block(cells, at, end)
        at = end


def _columns(lines: Sequence[str], at: int) -> Columns | None:
    """Return the columns of the table whose header stands in a line, None where none does."""
    if at + 1 >= len(lines) or "TimeCreated" not in lines[at] or not _DASHES.fullmatch(lines[at + 1]):
        return None
    names = [list_columns().get(name.lower(), name) for name in lines[at].split()]
    runs = list(_RUN.finditer(lines[at + 1]))
    if len(runs) != len(names) or not {"at", "event_id"} <= set(names):
        return None
    return tuple((name, run.start(), run.end()) for name, run in zip(names, runs, strict=True))


def _row(line: str, columns: Columns) -> dict[str, str] | None:
    """Return the cells of a row: those below their headers, or the usual ones where the blanks are lost."""
    starts = [0, *(_start(line, *column) for column in columns[1:]), len(line)]
    cells = {name: line[starts[n] : starts[n + 1]].strip() for n, (name, _, _) in enumerate(columns)}
    if is_dated(cells["at"]) and is_number(cells["event_id"]):
        return cells
    found = _ROW.match(line)
    if found is None or not is_dated(found[1]):
        return None
    level, _, message = (found[3] or "").partition(" ")
    known = level_of(level) is not None
    shown = {"at": found[1], "event_id": found[2]}
    return {**shown, "level": level, "message": message} if known else {**shown, "message": found[3] or ""}


def _start(line: str, name: str, begin: int, end: int) -> int:
    """Return where the cell of a column begins in a row."""
    return line.rfind(" ", 0, end) + 1 if name in _RIGHT else begin


def _properties(lines: Sequence[str], at: int, first: re.Match[str]) -> tuple[dict[str, str], int]:
    """Return the properties of one object, by their names in lower case, and the line behind it."""
    margin, colon = len(first[1]), first.end(3)
    found: dict[str, list[str]] = {}
    last = ""
    while at < len(lines):
        line = lines[at]
        shown = _PROPERTY.match(line)
        own = shown is not None and len(shown[1]) == margin
        if own and shown and (shown[2].lower() in list_columns() or shown.end(3) == colon):
            last = shown[2].lower()
            if last in found:
                break
            found[last] = [line[shown.end(3) + 1 :].strip()]
        elif not line.strip():
            following = next((each for each in lines[at + 1 : at + 4] if each.strip()), "")
            if not following[: margin + LEAST_INDENT].isspace():
                break
            found[last].append("")
        else:
            found[last].append(line.strip())
        at += 1
    return {name: "\n".join(value).strip() for name, value in found.items()}, at
