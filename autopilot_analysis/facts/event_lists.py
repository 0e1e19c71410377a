"""Lists of events as people mail them: how one is known in any language, and what its words mean.

The Event Viewer names the columns in the language of Windows, and gives the message none; PowerShell names
them after the properties of its records. So a list is known by its names where they are English or
PowerShell's, and else by what its cells look like.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from itertools import islice

import msgspec

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.event_documents import are_event_documents
from autopilot_analysis.facts.report_columns import deciding_headers
from autopilot_analysis.facts.report_shapes import DELIMITERS, PREFACES

LOOKED_AT = 50
"""Rows that show the shape of a list."""
SHAPED_SHARE = 0.8
"""At least this share of a column's cells has its shape; the last row may be cut."""
WIDEST = 64
"""Columns that are looked at; the widest list of PowerShell has half as many."""
MOST_FOREIGN = 24
"""Columns of the Event Viewer's own list, with all that it can show; PowerShell's are named in English. A
wider one whose numbers no header names is known by its providers, and not by a column of long texts."""
MESSAGE_SIGNS = 40
"""Characters of a message, on average; a column of shorter texts holds categories or names."""
RENDERED = "RenderedMessage"
"""The field under which a message is kept whose own fields do not all show; no provider has one like it."""
WINDOWS = "Microsoft-Windows-"
"""What the Event Viewer leaves out of the names of providers that it shows."""

_DATED = re.compile(r"\D{0,16}\d{1,4}[-./] ?\d{1,2}[-./] ?\d{1,4}\.?[\sT,]+\D{0,8}\d{1,2}[:.]\d\d.{0,40}")
_NUMBER = re.compile(r"\d{1,5}")
_CLIXML = re.compile(r"\s*<Objs\s[^>]{0,400}powershell/2004/04")
_CHANNEL = re.compile(r'"[Cc]hannel"\s*:\s*"([^"\\]{1,256})"')
_KEY = re.compile(r'"(\w{1,40})"\s*:')
_TEXT, _DIGITS = r'"([^"\\]{1,256})"', r'"?(\d{1,5})\b'
"""A value of JSON: a text, and a number that may be one."""
DATED_BY = "TimeCreated"
"""The property that every record of PowerShell has and no row of another report."""


class ListShape(msgspec.Struct, frozen=True):
    """How a list is laid out.

    Attributes:
        delimiter: What stands between cells.
        columns: The place of each known column: at, event_id, provider, level, message and so on.
        width: How many cells the header has.
        first: The cells of the first row.
    """

    delimiter: str
    columns: Mapping[str, int]
    width: int
    first: tuple[str, ...]


def list_shape(text: str) -> ListShape | None:
    """Return how a list of events is laid out, None where a text is none.

    A list has a time, the number of an event, and a provider or a message for each row.

    Args:
        text: The beginning of a file; its last row may be cut.
    """
    text = without_preface(text)
    if not any(sign in text[:2000] for sign in DELIMITERS):
        return None
    return next(filter(None, (_shaped(text, delimiter) for delimiter in DELIMITERS)), None)


def without_preface(text: str) -> str:
    """Return a table without the line that a spreadsheet or PowerShell puts before its header.

    Args:
        text: Decoded text.
    """
    text = text.removeprefix("\ufeff")
    return text.partition("\n")[2] if text[:5].lower().startswith(PREFACES) else text


def are_event_objects(text: str) -> bool:
    """Tell whether JSON begins with records of events as PowerShell's ConvertTo-Json writes them.

    Args:
        text: The beginning of a file.
    """
    if text.lstrip()[:1] not in ("[", "{"):
        return False
    keys = set(_KEY.findall(text))
    return DATED_BY in keys and "event_id" in {list_columns().get(key.lower()) for key in keys}


def is_event_clixml(text: str) -> bool:
    """Tell whether XML begins with records of events as PowerShell's Export-Clixml writes them.

    Args:
        text: The beginning of a file.
    """
    record = "EventLogRecord" in text or 'N="ProviderName"' in text or 'N="TimeCreated"' in text
    return record and _CLIXML.match(text) is not None


def channel_listed(text: str) -> str | None:
    """Return the channel of the first record of a list, as far as it tells; "" for a list that does not.

    Args:
        text: The beginning of a file.

    Returns:
        None for a text that is no list of events.
    """
    if is_event_clixml(text):
        log = re.search(r'N="LogName">([^<]{1,256})<', text)
        return log[1] if log else ""
    if text.lstrip()[:1] in ("[", "{"):
        if are_event_documents(text):
            return channel[1] if (channel := _CHANNEL.search(text)) else ""
        return _channel_of_objects(text) if are_event_objects(text) else None
    if (shape := list_shape(text)) is None:
        return None
    cells = {name: shape.first[place] for name, place in shape.columns.items() if place < len(shape.first)}
    return channel_of_record(cells)


def channel_of_record(cells: Mapping[str, str]) -> str:
    """Return the channel of one listed event, "" where nothing tells it.

    Args:
        cells: What the list says under our names.
    """
    provider = cells.get("provider") or provider_of_message(cells.get("message", ""))
    return cells.get("channel") or _channel_of(provider, cells.get("event_id"))


def _channel_of_objects(text: str) -> str:
    log, provider = (_value_of(column, _TEXT).search(text) for column in ("channel", "provider"))
    number = _value_of("event_id", _DIGITS).search(text)
    return log[1] if log else _channel_of(provider and provider[1], number and number[1])


def _channel_of(provider: str | None, number: str | None) -> str:
    if not provider or not number or not _NUMBER.fullmatch(number):
        return ""
    return channel_of_event(full_name(provider), int(number)) or ""


@cache
def _value_of(column: str, shape: str) -> re.Pattern[str]:
    """Return what finds the first value of a column in records as PowerShell writes them to JSON."""
    names = "|".join(re.escape(header) for header, ours in list_columns().items() if ours == column)
    return re.compile(rf'"(?i:{names})"\s*:\s*{shape}')


def full_name(provider: str) -> str:
    """Return the name under which a provider registers, for the shorter one that the Event Viewer shows.

    Args:
        provider: As the list spells it; a name nobody here knows is returned as it is.
    """
    return _providers().get(provider.strip().lower(), provider.strip())


def provider_of_message(message: str) -> str | None:
    """Return the provider whose messages alone begin as one does, None where that tells nothing.

    Args:
        message: As rendered, in English.
    """
    return next((provider for begins, provider in _beginnings() if message.startswith(begins)), None)


def channel_of_event(provider: str, event_id: int) -> str | None:
    """Return the channel into which a provider writes an event, where that is known of it.

    Args:
        provider: Its full name.
        event_id: The event's number.
    """
    channels = _channels().get(provider.lower(), ())
    return next((channel for first, last, channel in channels if first <= event_id <= last), None)


def provider_of_channel(channel: str) -> str | None:
    """Return the provider whose own log a channel is, None where several write into it.

    Args:
        channel: Its full name.
    """
    writers = _writers().get(channel.strip().lower(), ())
    owner = _providers().get(channel.rpartition("/")[0].lower())
    return writers[0] if len(writers) == 1 else owner


def level_of(word: str) -> int | None:
    """Return the level that a word of the Event Viewer stands for, in the languages known here.

    Args:
        word: As the list spells it, or the number itself.
    """
    word = word.strip().lower()
    return int(word) if word in ("1", "2", "3", "4", "5") else _levels().get(word)


def is_dated(cell: str) -> bool:
    """Tell whether a cell is a day with a time, as a list spells it.

    Args:
        cell: As the list spells it.
    """
    return _DATED.fullmatch(cell.strip()) is not None


def is_number(cell: str) -> bool:
    """Tell whether a cell may be the number of an event.

    Args:
        cell: As the list spells it.
    """
    return _NUMBER.fullmatch(cell.strip()) is not None


@cache
def _levels() -> dict[str, int]:
    return {word: int(level) for word, level in read_facts("level_words").select("word", "level").iter_rows()}


@cache
def _beginnings() -> list[tuple[str, str]]:
    return list(read_facts("message_beginnings").select("begins", "provider").iter_rows())


@cache
def list_columns() -> dict[str, str]:
    """Return our column for each known header or property, in lower case."""
    return dict(read_facts("event_list_headers").select("header", "column").iter_rows())


@cache
def _providers() -> dict[str, str]:
    """Return the full name of each known provider for each spelling in lower case."""
    titled = one_each(read_facts("event_titles"), "provider")
    names = [*titled["provider"], *read_facts("event_channels")["provider"]]
    short = {name.removeprefix(WINDOWS).lower(): name for name in names if name.startswith(WINDOWS)}
    return short | {name.lower(): name for name in names}


@cache
def _channels() -> dict[str, list[tuple[int, int, str]]]:
    known: dict[str, list[tuple[int, int, str]]] = {}
    for row in read_facts("event_channels").iter_rows(named=True):
        own = known.setdefault(row["provider"].lower(), [])
        own.append((int(row["first"]), int(row["last"]), row["channel"]))
    return known


@cache
def _writers() -> dict[str, list[str]]:
    """Return the providers that write into each channel, by its name in lower case."""
    known: dict[str, list[str]] = {}
    for provider, channel in (
        read_facts("event_channels").select("provider", "channel").unique(maintain_order=True).iter_rows()
    ):
        known.setdefault(channel.lower(), []).append(provider)
    return known


def rows_in(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a table; of one that no CSV may hold, what stands before its fault is passed over.

    Args:
        text: The table, without a preface.
        delimiter: What stands between cells.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except csv.Error:
            yield []
        except StopIteration:
            return


def _shaped(text: str, delimiter: str) -> ListShape | None:
    header, *rows = islice(rows_in(text, delimiter), LOOKED_AT + 1) if text else [[]]
    rows = [row for row in rows if len(row) > 1]
    rows = rows[:-1] if len(rows) > 1 and not text.endswith("\n") else rows
    if len(header) < 2 or not rows:
        return None
    columns = _named_columns(header)
    numbered = "event_id" in columns
    if not numbered and deciding_headers().keys() & {name.strip() for name in header}:
        return None
    for name, fits in _SHAPES.items():
        if name not in columns and (place := _place(rows, fits, columns.values())) is not None:
            columns[name] = place
    if "message" not in columns and (place := _message(header, rows, columns.values())) is not None:
        columns["message"] = place
    least = {"provider", "message"} if numbered or len(header) <= MOST_FOREIGN else {"provider"}
    known = {"at", "event_id"} <= columns.keys() and columns.keys() & least
    if not known or not _agree(rows, columns):
        return None
    return ListShape(delimiter, columns, len(header), tuple(rows[0]))


def _named_columns(header: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, name in enumerate(header):
        plain = name.strip().lower().removesuffix(" [utc]")
        if (column := list_columns().get(plain)) is not None:
            columns.setdefault(column, place)
    return columns


def _is_provider(cell: str) -> bool:
    return cell.strip().lower() in _providers() or cell.startswith(WINDOWS)


_SHAPES: dict[str, Callable[[str], bool]] = {
    "at": is_dated,
    "event_id": is_number,
    "provider": _is_provider,
    "level": lambda cell: cell.strip().lower() in _levels(),
}
"""What the cells of a column look like that no header names; providers may be many, so one will do."""


def _place(rows: list[list[str]], fits: Callable[[str], bool], taken: Collection[int]) -> int | None:
    """Return the first column, not yet taken, whose cells have a shape."""
    least = 1 / LOOKED_AT if fits is _is_provider else SHAPED_SHARE
    for place in range(min(WIDEST, max(map(len, rows)))):
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        if place not in taken and cells and sum(map(fits, cells)) >= least * len(rows):
            return place
    return None


def _message(header: list[str], rows: list[list[str]], taken: Collection[int]) -> int | None:
    """Return the column of messages: the one without a header, else the one of long texts."""
    width = len(header)
    if sum(len(row) > width for row in rows) >= SHAPED_SHARE * len(rows):
        return width
    for place in reversed(range(min(WIDEST, width))):
        cells = [row[place] for row in rows if place < len(row)]
        long = sum(map(len, cells)) >= MESSAGE_SIGNS * len(rows)
        if place not in taken and (long or (not header[place].strip() and any(cells))):
            return place
    return None


def _agree(rows: list[list[str]], columns: Mapping[str, int]) -> bool:
    """Tell whether the cells of the named columns are what their names promise."""
    whole = [row for row in rows if len(row) > max(columns["at"], columns["event_id"])]
    good = [
        row
        for row in whole
        if _SHAPES["at"](row[columns["at"]]) and _SHAPES["event_id"](row[columns["event_id"]])
    ]
    return len(good) >= max(1, SHAPED_SHARE * len(rows) - 1)
