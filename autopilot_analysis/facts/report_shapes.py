"""Columns of a list of deployments in a language nobody here knows, proposed by the shape of their cells."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping

import msgspec

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.facts.help_texts import CODE_WRITTEN
from autopilot_analysis.facts.own_words import REPORT, own_words, plain
from autopilot_analysis.facts.state_words import outcome_of
from autopilot_analysis.patterns import late

LEAST_ROWS = 10
"""Fewer rows than this show no shape."""

LEAST_COLUMNS = 5
MOST_STATES = 8
"""A column with more values than this is none that says how an attempt ended."""

LEAST_APART = 0.4
"""A column in which fewer of the rows differ names no devices, however often each tried."""

DELIMITERS = (",", ";", "\t", "|")
PREFACES = ("sep=", "#type")
"""What a spreadsheet, and Windows PowerShell's Export-Csv, put on a line before the header."""
PREFACE = rf"(?:(?:{'|'.join(PREFACES)})[^\n]*\n)?"
"""Such a line, in a pattern that takes no heed of case."""

PRODUCT = "autopilot"
"""What a header of the profile holds in every language; the product's name is not translated."""

MOST_WORDS = 6
"""A cell with more words, in a line with blanks behind its commas, is part of a sentence."""
_LOG_LINE = late(r"\[\w[\w .-]{0,40}\] \w")
"""How a line of a log begins that names its part; JSON has no bare word behind its bracket."""
_SIGN = late(r"[,;](?!\d)|(?<!\d)[,;]")
"""A comma or a semicolon, none that stands inside a number."""
_BETWEEN_WORDS = late(r"[,;](?=\s|$)")
_QUOTED_CELL = late(r'(?:^|[,;]\s?)"')
"""How a cell begins that a table quotes; a sentence quotes words behind others."""
_CODE = late(rf"(?i)\b(?:0x[0-9a-f]{{1,16}}|{CODE_WRITTEN})\b")
"""A result code, which no header of a table holds."""
_JSON = late(r'\{\s?"\w{1,40}"\s?:[^{}]{0,800}(?:\{[^{}]{0,400}\}[^{}]{0,400})?\}')
"""A piece of JSON, whose commas and quotes are its own."""
_ENDS = (".", ":", "?", "!", ",", "…")

_LOOKED_AT = 8
"""Lines among which the first two that are not blank are looked for."""
_ID = late(GUID)
_SHAPES = {
    "started_at": late(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}(?:[ T,\u202f\u00a0]+\d{1,2}:\d{2}\S*(?: ?[AP]M)?)?"),
    "total": late(r"\d{1,3}:[0-5]\d:[0-5]\d(?:\.\d+)?"),
    "user": late(r"[^@\s]+@[^@\s.]+\.[^@\s]+"),
    "serial": late(r"(?=\D*\d)[A-Za-z0-9-]{5,24}"),
}
"""What every cell of a column looks like, by the column it would be; a list of deployments has them all."""


class Proposal(msgspec.Struct, frozen=True):
    """What columns may mean, to be checked by who reads their language.

    Attributes:
        delimiter: What stands between cells.
        columns: Our column for each header that has the shape, or whose cells have the words, of one.
        states: Headers with a few words each; one of them may say how an attempt ended.
    """

    delimiter: str
    columns: Mapping[str, str]
    states: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """What is proposed: "Seriennummer as serial, Beginn as started_at"."""
        why = {"state": " (by the words in it)", "profile": " (by its header)"}
        return ", ".join(
            f"{header} as {column}{why.get(column, '')}" for header, column in self.columns.items()
        )


def propose(text: str) -> Proposal | None:
    """Return what the columns of a list of deployments may mean, None where a text does not look like one.

    Such a list has one column of dates, one of users, spans of time, and devices of which many differ; the
    span that is the longest in every row is the whole. Headers that the analyst named are not proposed.

    Args:
        text: The beginning of a file; its last line may be cut.
    """
    lines = text.lstrip("\ufeff").splitlines()
    lines = lines if text.endswith("\n") else lines[:-1]
    if lines and lines[0].lower().startswith(PREFACES):
        lines = lines[1:]
    tables = (_table(lines, delimiter) for delimiter in DELIMITERS)
    return next(filter(None, map(_proposed, DELIMITERS, tables)), None)


def is_writing(text: str) -> bool:
    """Tell whether a text begins with a sentence or a line of a log, and with no header of a table.

    A sentence has a blank behind each comma and each semicolon; so may a header have, which is told by its
    short cells and by a next line with as many. Where a blank is missing, long cells above lines that all
    have another number of cells are a sentence. What holds a result code is a message, and so is what quotes
    words above one, unless lines below it have the same form. Commas inside of JSON do not count.

    Args:
        text: The beginning of a file; its last line may be cut.
    """
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()[:_LOOKED_AT] if line.strip()]
    if not lines:
        return False
    if _LOG_LINE.match(lines[0]):
        return True
    first, *below = [_JSON.sub("{}", line) for line in lines]
    signs = len(_SIGN.findall(first))
    spaced = len(_BETWEEN_WORDS.findall(first)) >= signs
    barred = any(sign in first for sign in "\t|")
    alone = not _alike_below(first, below)
    quoted = _QUOTED_CELL.search(first) is not None
    if _CODE.search(first) and (alone or (spaced and not barred and not quoted)):
        return True
    if barred or not signs:
        return False
    if quoted:
        return spaced and alone and any(map(_CODE.search, below))
    wordy = any(len(cell.split()) > MOST_WORDS for cell in _SIGN.split(first))
    if not spaced:
        others = {len(_cells(line)) for line in below}
        return wordy and bool(others) and len(_cells(first)) not in others
    if first.endswith(_ENDS) or wordy:
        return True
    return bool(below) and len(_cells(below[0])) != len(_cells(first))


def _alike_below(first: str, below: list[str]) -> bool:
    """Tell whether any line has as many cells as the first, by the sign that the first has most of."""
    delimiter = max(DELIMITERS, key=first.count)
    if delimiter in "\t|":
        return any(line.count(delimiter) == first.count(delimiter) for line in below)
    return any(len(_cells(line)) == len(_cells(first)) > 1 for line in below)


def _cells(line: str) -> list[str]:
    """Return the cells of a line in which the more frequent of comma and semicolon separates them."""
    delimiter = max(",;", key=line.count)
    return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])


def _table(lines: list[str], delimiter: str) -> dict[str, list[str]]:
    """Return the cells under each header; none where the lines are no table with this delimiter."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return {}
    header = [cell.strip() for cell in rows[0]] if len(rows) > LEAST_ROWS else []
    if len(set(header)) < max(LEAST_COLUMNS, len(header)) or any(len(row) != len(header) for row in rows):
        return {}
    return {name: [row[place].strip() for row in rows[1:]] for place, name in enumerate(header)}


def _proposed(delimiter: str, table: dict[str, list[str]]) -> Proposal | None:
    """Return the proposal for a table, None unless it has all that a list of deployments has."""
    own = own_words().columns.get(REPORT, {})
    unnamed = {header: cells for header, cells in table.items() if plain(header) not in own}
    named = {own[plain(header)] for header in table if plain(header) in own}
    shaped = {column: list(_alike(unnamed, column)) for column in _SHAPES if column not in named}
    chosen = {
        "started_at": _only(shaped.get("started_at", [])),
        "serial": _device(table, shaped.get("serial", [])),
        "user": _only(shaped.get("user", [])),
        "total": _longest(table, shaped.get("total", [])),
    }
    columns = {header: column for column, header in chosen.items() if column in shaped and header}
    if not table or len(columns) < len(shaped):
        return None
    others = [header for header in unnamed if header not in columns]
    worded = {"state": _only([header for header in others if _are_states(table[header])])}
    words = [header for header in others if PRODUCT in header.lower() and _are_words(table[header])]
    worded["profile"] = _only([header for header in words if header != worded["state"]])
    columns |= {header: column for column, header in worded.items() if header and column not in named}
    stated = "state" in named or "state" in columns.values()
    states = tuple(header for header in others if header not in columns and _may_be_state(table[header]))
    return Proposal(delimiter, columns, () if stated else states) if stated or states else None


def _alike(table: dict[str, list[str]], column: str) -> Iterator[str]:
    """Yield the headers under which every cell looks like those of a column."""
    for header, cells in table.items():
        filled = [cell for cell in cells if cell]
        if len(filled) >= LEAST_ROWS and all(_SHAPES[column].fullmatch(cell) for cell in filled):
            yield header


def _only(headers: list[str]) -> str | None:
    return headers[0] if len(headers) == 1 else None


def _device(table: dict[str, list[str]], headers: list[str]) -> str | None:
    """Return the column that names devices: of several, one without dashes, as serials mostly are."""
    apart = [
        header
        for header in headers
        if len(set(table[header])) >= LEAST_APART * len(table[header])
        and not any(map(_ID.fullmatch, table[header]))
    ]
    whole = [header for header in apart if not any("-" in cell for cell in table[header])]
    return next(iter(whole or apart), None)


def _longest(table: dict[str, list[str]], headers: list[str]) -> str | None:
    """Return the span that no other of its row exceeds: the whole."""
    spans = {header: [_seconds(cell) for cell in table[header]] for header in headers}
    longest = [max(row) for row in zip(*spans.values(), strict=True)]
    return next((header for header, own in spans.items() if own == longest), None)


def _seconds(cell: str) -> float:
    """Return the seconds of `h:mm:ss`; below any span where there is none."""
    hours, _, rest = cell.partition(":")
    minutes, _, seconds = rest.partition(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds) if rest else -1.0


def _may_be_state(cells: list[str]) -> bool:
    """Tell whether cells are a few words, as those that say how an attempt ended."""
    values = set(cells) - {""}
    return 2 <= len(values) <= MOST_STATES and _are_words(cells)


def _are_states(cells: list[str]) -> bool:
    """Tell whether every cell is a word of a portal that says how an attempt stands."""
    values = set(cells) - {""}
    return bool(values) and all(map(outcome_of, values))


def _are_words(cells: list[str]) -> bool:
    """Tell whether cells are words or names: no dates, spans and numbers."""
    return not any(sign.isdigit() for value in set(cells) for sign in value)
