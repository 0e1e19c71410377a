"""A search as an analyst types it: words, "a phrase", -not, id:404, code:0x8018, channel:autopilot."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import and_

import dataframely as dy
import polars as pl

from autopilot_analysis.codes.spelling import code_of, spellings_of
from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.tables import Tables
from autopilot_analysis.tables.timeline import LANES, OF_LOGS, Occurrence
from autopilot_analysis.tables.typed import checked
from autopilot_analysis.timeline.frame import build_timeline

TERM = re.compile(r'(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
SEARCHED = ("title", "text", "code", "track", "channel", "provider", "member")
"""Columns in any of which a word may stand."""
BY_ID, BY_CODE, BY_FINDING = "id", "code", "finding"
"""Before a colon: the id of an event is asked for, the beginning of a code, what proves a finding."""
HOW_TO_SEARCH = f'words, "a phrase", -not, {BY_ID}:404, {BY_CODE}:0x8018'
"""What a search may be, as its field on a page shows it."""
CONTAINS = ("channel", "provider", "member", "track", "title", "text")
"""Columns that a word is looked for in behind their name and a colon."""
EQUALS = ("level", "lane", "kind", "stage", "outcome", "device")
"""Columns whose whole value stands behind their name and a colon."""
FIELDS = (BY_ID, BY_CODE, BY_FINDING, *CONTAINS, *EQUALS)
"""All that may stand before a colon."""

OF_TRACE: dict[str, frozenset[str]] = {
    "stage": frozenset(),
    "outcome": frozenset(),
    BY_FINDING: frozenset(),
    "kind": frozenset(OF_LOGS),
    "lane": frozenset(LANES) - {"attempts", "findings"},
}
"""Fields that a trace or findings fill, with the words that records have there without them."""


def search_records(tables: Tables, text: str) -> dy.DataFrame[Occurrence]:
    """Return the records of all logs that a search finds, in order of time.

    Args:
        tables: What `read_tables` returned.
        text: Words that must all stand in the record, whatever their case; "a phrase"; -word that must not;
            id:404 for an event id; code:0x8018 for the beginning of a code; the name of one of `CONTAINS` or
            `EQUALS` and a colon for that column. A whole code, such as 0x80180014 or -2145910764, finds each
            of its spellings: hex, unsigned and signed decimal.

    Raises:
        UnknownName: No field, level, lane, kind or stage is called that.
        BadInput: An id is no number, or it asks for what a trace or findings tell, such as stage:, outcome:
            or finding:.

    Example:
        >>> from autopilot_analysis import open_export, read_tables, search_records
        >>> tables = read_tables(open_export("data/mdm-enrollment-refused.cab"))
        >>> search_records(tables, "code:0x80180014 -channel:autopilot")["event_id"].unique().sort().to_list()
        [11, 71]
    """
    for minus, field, phrase, word in TERM.findall(text):
        wanted = (phrase or word).lower()
        if not minus and field.lower() in OF_TRACE and wanted not in OF_TRACE[field.lower()]:
            raise BadInput(
                f"{field}:{wanted} asks for what a trace and findings tell, and tables hold records alone; "
                "call search_timeline(build_timeline(tables, trace, findings), text)"
            )
    return search_timeline(build_timeline(tables), text)


def records_around(
    tables: Tables, at: datetime | str, *, seconds: float = 5.0, device: str = ""
) -> dy.DataFrame[Occurrence]:
    """Return the records of all logs within so many seconds of an instant, before and after it.

    Args:
        tables: What `read_tables` returned.
        at: The instant; UTC where it names no zone. Text in ISO 8601, such as "2026-03-02 08:15:00".
        seconds: How far to look to either side.
        device: Key of one device; empty means all.

    Raises:
        UnknownName: No device is called that.
        BadInput: It is no instant, or the seconds are not above zero.

    Example:
        >>> from autopilot_analysis import open_export, read_tables, records_around
        >>> tables = read_tables(open_export("data/mdm-enrollment-refused.cab"))
        >>> records_around(tables, tables.events["at"].min(), seconds=0.001).height > 0
        True
    """
    if not seconds > 0:
        raise BadInput.not_positive("seconds", seconds)
    middle, reach = _instant(at), timedelta(seconds=seconds)
    near = pl.col("at").is_between(middle - reach, middle + reach)
    timeline = build_timeline(tables)
    known = {*timeline["device"].unique(), *tables.devices["device"]}
    if device and device not in known:
        raise UnknownName.among("device", device, known)
    whose = pl.col("device") == device if device else pl.lit(value=True)
    return checked(timeline.filter(near & whose), Occurrence)


NO_INSTANT = "{!r} is no instant; write it like 2026-03-02 08:15:00"


def _instant(at: datetime | str) -> datetime:
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            raise BadInput(NO_INSTANT.format(at)) from None
    if not isinstance(at, datetime):
        raise BadInput(NO_INSTANT.format(at))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def search_timeline(timeline: pl.DataFrame, text: str) -> dy.DataFrame[Occurrence]:
    """Return the rows of a timeline that a search finds; an empty search finds every row.

    Args:
        timeline: What `build_timeline` returned.
        text: See `search_records`; finding:1 for what proves a finding too.
    """
    terms = [_term(timeline, *_sign_of_code(*match.groups())) for match in TERM.finditer(text)]
    found = timeline.filter(reduce(and_, terms)) if terms else timeline
    return checked(found, Occurrence)


def _sign_of_code(
    minus: str, field: str | None, phrase: str | None, word: str | None
) -> tuple[str, str, str | None, str | None]:
    """Return the parts of a term; the minus before a signed code is part of the code, and denies nothing."""
    if minus and word and not field and _code_in(f"-{word}"):
        return "", "", None, f"-{word}"
    return minus, (field or "").lower(), phrase, word


def _term(timeline: pl.DataFrame, minus: str, field: str, phrase: str | None, word: str | None) -> pl.Expr:
    wanted = (phrase if phrase is not None else word or "").lower()
    _refuse_unknown(timeline, field, wanted)
    found = _named(field, wanted)
    if found is None:
        found = _anywhere(f"{field}:{wanted}" if field else wanted)
        if field and not wanted.startswith(_OF_PATHS) and not timeline.select(found.any()).item():
            raise UnknownName.among("field of a search", field, FIELDS)
    return ~found if minus else found


_OF_PATHS = ("/", "\\")
"""Behind a colon: an address or a path is meant, not a field."""


def _refuse_unknown(timeline: pl.DataFrame, field: str, wanted: str) -> None:
    """Refuse a value that a field never has."""
    if field == BY_ID and not wanted.isdecimal():
        raise BadInput(f"{field}:{wanted} is no event id; write a number, such as {BY_ID}:404")
    kind = timeline.schema[field] if field in EQUALS else None
    if isinstance(kind, pl.Enum) and wanted not in kind.categories:
        raise UnknownName.among(field, wanted, kind.categories)


def _named(field: str, wanted: str) -> pl.Expr | None:
    """Return the condition on one column; None when no column is meant by that word."""
    if field == BY_ID:
        return (pl.col("event_id").cast(pl.String) == wanted).fill_null(value=False)
    if field == BY_FINDING:
        number = int(wanted) if wanted.isdecimal() else -1
        return pl.col("findings").list.contains(number).fill_null(value=False)
    column = pl.col(field).cast(pl.String).str.to_lowercase() if field else None
    if column is None:
        return None
    if field == BY_CODE:
        beginning = (_code_in(wanted) or wanted).lower()
        bare = column.str.starts_with(f"0x{beginning}")
        return (column.str.starts_with(beginning) | bare).fill_null(value=False)
    if field in EQUALS:
        return (column == wanted).fill_null(value=False)
    if field in CONTAINS:
        return column.str.contains(wanted, literal=True).fill_null(value=False)
    return None


def _anywhere(wanted: str) -> pl.Expr:
    """Return whether a text stands in any column that is searched; a code in any of its spellings."""
    code = _code_in(wanted)
    texts = (wanted, *(spelling.lower() for spelling in spellings_of(code))) if code else (wanted,)
    return pl.any_horizontal(
        pl.col(name).str.to_lowercase().str.contains(text, literal=True).fill_null(value=False)
        for name in SEARCHED
        for text in texts
    )


_CODE = re.compile(r"0x[0-9a-f]{8}|-?[0-9]{9,10}|[8c][0-9a-f]{7}")
"""A whole code and nothing else."""


def _code_in(wanted: str) -> str | None:
    return code_of(wanted) if _CODE.fullmatch(wanted) else None
