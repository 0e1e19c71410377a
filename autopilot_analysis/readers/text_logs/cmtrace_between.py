"""What stands between the records of a CMTrace log: plain dated lines, and fragments of torn records.

The record that the end of the file cuts keeps its text, less a word that may be half of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import msgspec
import polars as pl

from autopilot_analysis.clock.provenance import NOT_KNOWN
from autopilot_analysis.readers.reading import BEGINS_INSIDE, Unread, rows_of
from autopilot_analysis.readers.text_logs.cmtrace_spans import BEGIN, END

BLANK = " \t\r\n\0\ufeff"
"""What may stand between records and says nothing: space, line ends, NUL, byte order mark."""

_TOKEN = re.compile(
    rb"^(?P<date>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d:\d\d(?:[.,]\d{1,7})?)[ \t]*|<!\[LOG\[|\]LOG\]!>",
    re.MULTILINE,
)
_CUT_TIME = re.compile(
    rb'^<time="(?P<time>\d\d:\d\d:\d\d\.\d{1,7})[^"]{0,8}" date="(?P<date>\d{1,2}-\d{1,2}-\d{4})"'
)
_HALF_WORD = re.compile(r"\S{1,400}\Z")
_NOT_BLANK = re.compile(b"[^%s]" % BLANK.encode())
_MOST_GAPS = 500
LONGEST_CUT = 65_536
"""Bytes of a record that the end of the log cuts whose text is kept: a longer one is no message."""


class Stretch(msgspec.Struct, frozen=True):
    """Bytes that belong to no record; `line` is the line number at offset `counted_from`."""

    start: int
    stop: int
    line: int
    counted_from: int = 0


def read_between(text: bytes, stretches: list[Stretch]) -> tuple[pl.DataFrame, list[Unread]]:
    """Return plain dated lines as rows of `log_lines`, and a gap for each fragment of a record.

    A plain line reads `YYYY-MM-DD HH:MM:SS.fff message`; the undated lines behind it belong to it.

    Args:
        text: The log, UTF-8.
        stretches: Where no whole record stands, in file order.
    """
    plain: list[tuple[int, str | None, str]] = []
    unread: list[Unread] = []
    further = 0
    first = next((match.start() for match in _NOT_BLANK.finditer(text)), 0)
    for stretch in stretches:
        counted, line = stretch.counted_from, stretch.line
        for start, stop, head in _pieces(text, stretch.start, stretch.stop):
            line += text.count(b"\n", counted, start)
            counted = start
            if head is None and len(unread) >= _MOST_GAPS:
                further += 1
            elif head is None:
                unread.append(_fragment(text, start, stop, line, at_start=start == first))
                plain += _cut_record(text, start, stop, line)
            else:
                message = text[head.end() : stop].decode(errors="replace").strip(BLANK)
                plain.append((line, b" ".join(head.group("date", "time")).decode(), message))
    if further:
        unread.append(Unread(f"{further} further fragments of torn records", count=further))
    return _rows(plain), unread


def _pieces(text: bytes, start: int, stop: int) -> Iterator[tuple[int, int, re.Match[bytes] | None]]:
    """Yield start, stop and dated head of each plain line, and, without a head, of each fragment.

    A marker ends a plain line: what follows it was torn from a record. At the start of a line it begins a
    new fragment.
    """
    blank = BLANK.encode()
    if not text[start:stop].strip(blank):
        return
    head: re.Match[bytes] | None = None
    for token in chain(_TOKEN.finditer(text, start, stop), [None]):
        if token and not token["date"] and head is None and text[token.start() - 1] != ord("\n"):
            continue
        end = token.start() if token else stop
        piece = text[start:end]
        if head or piece.strip(blank):
            yield start + len(piece) - len(piece.lstrip(blank)), end, head
        start, head = end, token if token and token["date"] else None


def _fragment(text: bytes, start: int, stop: int, line: int, *, at_start: bool) -> Unread:
    count = text[start:stop].strip().count(b"\n") + 1
    if at_start and not text.startswith(BEGIN, start):
        reason = BEGINS_INSIDE
    elif stop == len(text):
        reason = "the log ends inside a record"
    else:
        reason = "a record was torn, as when two programs write one log; this fragment of it is left"
    return Unread(reason, record=line, count=count)


def _cut_record(text: bytes, start: int, stop: int, line: int) -> list[tuple[int, str | None, str]]:
    """Return line, time and message of the record that the end of the log cuts; none for other fragments."""
    if stop != len(text) or not text.startswith(BEGIN, start) or stop - start > LONGEST_CUT:
        return []
    body, ended, trailer = text[start + len(BEGIN) : stop].partition(END)
    message = body.decode(errors="replace")
    message = (message if ended else _HALF_WORD.sub("", message)).strip(BLANK)
    time = _CUT_TIME.match(trailer)
    written = None
    if time:
        month, day, year = time["date"].decode().split("-")
        written = f"{year}-{month:0>2}-{day:0>2} {time['time'].decode()}"
    return [(line, written, message)] if message else []


def _rows(plain: list[tuple[int, str | None, str]]) -> pl.DataFrame:
    """Return plain lines with the columns of `log_lines`; they name neither zone, component nor thread."""
    record, written, message = zip(*plain, strict=True) if plain else ((), (), ())
    columns: dict[str, list[object]] = {
        "record": [*record],
        "written_at": [None] * len(plain),
        "clock": [NOT_KNOWN] * len(plain),
        "message": [*message],
    }
    times = pl.Series(written, dtype=pl.String).str.replace(",", ".", literal=True)
    return rows_of("log_lines", columns).with_columns(
        written_at=times.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    )
