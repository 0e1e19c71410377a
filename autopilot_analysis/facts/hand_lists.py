"""Lists of deployments that somebody made by hand: known by headings and words for how each ended."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from autopilot_analysis.facts import SEVERAL, read_facts
from autopilot_analysis.facts.report_shapes import DELIMITERS, LEAST_APART
from autopilot_analysis.patterns import late

HAND_LIST = "list of deployments"
"""What such a list is called among reports."""
LEAST_KNOWN_HEADERS = 4
"""A device, how it ended and two more: fewer known headings are no list of deployments."""
LEAST_OF_STATES = 0.8
"""At least this part of the words for how a deployment ended must be understood."""
LEAST_ROWS = 4
LOOKED_AT = 12
"""Lines among which the heading is looked for: a title may stand above it."""
DESCRIBING = ("model", "manufacturer", "group_tag", "profile", "failure_text")
"""Columns that an export of the service may have been given by hand, under one of these headings."""
FIRST_OF_SEVERAL = ("serial", "name", "user", "started_at", "ended_at", "total", "state", "build")
"""Columns that one heading alone names; of the others several texts may be one."""

_UNIT = late(r"[(\[]([^)\]]{1,20})[)\]]\s*$")
_BETWEEN = late(r"[\s._\-/:?!*]+")
SERIAL_DAY = r"(?:3[7-9]|[4-6]\d)\d{3}(?:\.\d{1,15})?"
"""A day as a spreadsheet counts it where the cell is not shown as one: from 2001 to 2091."""
_DATE = late(rf"\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}(?!\d)|{SERIAL_DAY}$")
_SPAN = late(
    r"\d{1,3}:[0-5]\d:[0-5]\d|(?=\D*\d)\d{0,4}(?:[:.,]\d{1,2})?\s?[a-zé]{1,8}\.?(?:[\s\d].{0,20})?",
    re.IGNORECASE,
)
_NUMBER = late(r"\d{1,5}(?:[.,]\d{1,3})?")


class HandList(msgspec.Struct, frozen=True):
    """A list of deployments that somebody made.

    Attributes:
        delimiter: What stands between its cells.
        above: How many lines stand above the heading.
        columns: Our column for each heading that is known.
        states: What each word under the heading of the state comes to.
        units: The unit of plain numbers below a heading.
    """

    delimiter: str
    above: int
    columns: Mapping[str, str]
    states: Mapping[str, str]
    units: Mapping[str, str]

    @property
    def in_words(self) -> str:
        """What was taken for what: "Seriennr. as serial, Ergebnis as state"."""
        taken = (f"{header} as {column}" for header, column in self.columns.items() if column != "ignored")
        return ", ".join(taken)


def hand_list(text: str) -> HandList | None:
    """Return what the columns of a list made by hand mean, None where it tells of no deployments.

    Args:
        text: The beginning of a file; its last line may be cut.
    """
    lines = text.lstrip("\ufeff").splitlines()
    lines = lines if text.endswith("\n") else lines[:-1]
    for delimiter in DELIMITERS:
        for above, line in enumerate(lines[:LOOKED_AT]):
            known = {column_of(cell) for cell in _cells(line, delimiter)}
            if len(known - {None}) >= LEAST_KNOWN_HEADERS and "state" in known:
                found = _list(lines[above:], delimiter, above)
                if found:
                    return found
    return None


def column_of(header: str) -> str | None:
    """Return our column for a heading, None where it is none known here.

    Args:
        header: As somebody wrote it, with a unit in brackets or without one.
    """
    return _headers().get(_plain(_UNIT.sub("", header)))


def ended_as(word: str) -> str | None:
    """Return what a word for the end of a deployment comes to, None where it is none known here.

    Args:
        word: As somebody wrote it, a sign such as a tick among them.
    """
    return _states().get(_plain(word))


def _list(lines: list[str], delimiter: str, above: int) -> HandList | None:
    table = dict(_table(lines, delimiter))
    columns: dict[str, str] = {}
    for header, cells in table.items():
        column = column_of(header)
        if column is None or (column in FIRST_OF_SEVERAL and column in columns.values()):
            continue
        if _fits(column, header, [cell for cell in cells if cell]):
            columns[header] = column
    taken = set(columns.values()) - {"ignored"}
    if (
        not taken >= {"state"}
        or not taken & {"serial", "name"}
        or not taken & {"started_at", "total", "failure_text"}
    ):
        return None
    state = next(header for header, column in columns.items() if column == "state")
    words = {cell: outcome for cell in table[state] if cell and (outcome := ended_as(cell))}
    units = {header: unit for header in columns if (unit := _unit(header))}
    return HandList(delimiter, above, columns, words, units)


def _table(lines: list[str], delimiter: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading with its cells; none where there are too few rows."""
    rows = [row for line in lines if any(row := [cell.strip() for cell in _cells(line, delimiter)])]
    header, body = rows[0], rows[1:]
    if len(body) < LEAST_ROWS:
        return
    for place, name in enumerate(header):
        if name and header.index(name) == place:
            yield name, [row[place] if place < len(row) else "" for row in body]


def _fits(column: str, header: str, cells: list[str]) -> bool:
    """Tell whether the cells below a heading are what it says."""
    if not cells:
        return False
    if column == "state":
        ends = [ended_as(cell) for cell in cells]
        known = sum(end is not None for end in ends)
        return known >= LEAST_OF_STATES * len(cells) and bool({"succeeded", "failed"} & set(ends))
    if column in ("serial", "name"):
        return len(set(cells)) >= max(2, LEAST_APART * len(cells))
    shape = {"started_at": _DATE, "ended_at": _DATE, "total": _NUMBER if _unit(header) else _SPAN}.get(column)
    return shape is None or 2 * sum(_begins(shape, cell, column) for cell in cells) >= len(cells)


def _begins(shape: re.Pattern[str], cell: str, column: str) -> bool:
    return bool(shape.match(cell) if column != "total" else shape.fullmatch(cell) or _SPAN.fullmatch(cell))


def _unit(header: str) -> str | None:
    """Return the unit of the numbers below a heading, in brackets behind it or itself; None without one."""
    named = _UNIT.search(header)
    return _units().get(_plain(named[1] if named else header))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _plain(text: str) -> str:
    """Return a text in lower case without spaces, dots, dashes and slashes; signs such as a tick stay."""
    return _BETWEEN.sub("", text.strip().casefold())


@cache
def _headers() -> Mapping[str, str]:
    return _by_word("list_headers", "column")


@cache
def _states() -> Mapping[str, str]:
    return _by_word("list_states", "outcome")


@cache
def _units() -> Mapping[str, str]:
    return _by_word("time_units", "unit")


def _by_word(table: str, meaning: str) -> Mapping[str, str]:
    """Return the meaning of each word, in plain spelling; the first that the facts name holds."""
    known: dict[str, str] = {}
    for means, words in read_facts(table).select(meaning, "words").iter_rows():
        for word in words.split(SEVERAL):
            known.setdefault(_plain(word), means)
    return known
