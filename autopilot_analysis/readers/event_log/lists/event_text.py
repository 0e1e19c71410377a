"""Events pasted into a text -> `events`: what the Event Viewer copies, and XML, with words around them.

A block that the XML of the same record follows is that record: one event, of which the XML says more.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

import msgspec
import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.event_blocks import Block, names_xml
from autopilot_analysis.facts.event_lists import full_name
from autopilot_analysis.facts.event_sentences import sentences_in
from autopilot_analysis.facts.event_texts import EVENT_ELEMENT, channel_pasted, channel_quoted, pasted_in
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.event_log.event_xml import EventElement, elements_in, gaps_of
from autopilot_analysis.readers.event_log.lists.event_list import SHAPING
from autopilot_analysis.readers.event_log.lists.event_rows import Listed, events_of
from autopilot_analysis.readers.event_log.record_rows import events_in_order
from autopilot_analysis.readers.local_times import SAVE_LOG
from autopilot_analysis.readers.reading import OF_THIS_TEXT, Reading, Unread, rows_of
from autopilot_analysis.readers.text import decode, split_lines

QUOTED = f"{OF_THIS_TEXT} what is worded like a message of a known event was read"
SHOW_MORE = f"paste the details of the events as text or XML, or {SAVE_LOG}"
_FOLDED = late(r"(?m)^([ \t>]{0,64})[-+](?=[ \t\xa0]?<)")
"""The sign with which a browser shows that an element can be folded."""
_MARKED_UP = late(r"\\<Event\s{1,8}xmlns")
"""How a text in Markdown begins a record: a backslash before a sign says that it is meant as it stands."""
_DATING = ("recorded_at", "at", "clock")
"""Columns that belong together: an instant, and by which clock it is one."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Row = dict[str, Any]


class _Xml(msgspec.Struct, frozen=True):
    """The XML of one record, the line in which it begins, and its row, None where nothing is whole of it."""

    element: EventElement
    line: int
    row: Row | None


def is_event_text(content: bytes) -> bool:
    """Tell whether a text holds events as people paste them, or quotes messages of events.

    Args:
        content: The whole file.
    """
    text = decode(content[:SHAPING])
    return channel_pasted(text) is not None or channel_quoted(text) is not None


def find_events(content: bytes) -> Reading | None:
    """Return the events of a text that is something else, as a mail with a join state; None without any.

    Args:
        content: The whole file.
    """
    return read_event_text(content) if is_event_text(content) else None


def read_event_text(content: bytes, member: str = "") -> Reading:
    """Return the events of a text, oldest first as far as they are dated, else in the text's own order.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The text holds no event.
    """
    text = "\n".join(split_lines(_FOLDED.sub(r"\1 ", _plain(decode(content)))))
    records = _records(text)
    lines = _without(records, text).split("\n")
    pasted = pasted_in(lines)
    quoted = [] if pasted else _quoted(records, lines)
    blocks = pasted or quoted
    if not blocks and not records:
        raise NotThisFormat.no_events(member, "a text with events in it")
    twins = _twins(records, blocks, lines)
    found = {block.begin: row for block, row in zip(blocks, _block_rows(blocks), strict=True)}
    for record in records:
        if record.row is not None:
            beside = found.pop(twins[record.line].begin, {}) if record.line in twins else {}
            found[record.line] = _filled(record.row, beside)
    alone = [_listed(block.cells) for block in blocks if block.begin in found]
    damaged = sum(record.row is None and not record.element.cut for record in records)
    broken = gaps_of(damaged, cut=any(record.element.cut for record in records))
    passed_over = [Unread(QUOTED, advice=SHOW_MORE)] if quoted and not records else []
    return Reading({"events": _frame(found)}, (*passed_over, *broken, *events_of(alone).unread))


def _plain(text: str) -> str:
    """Return a text without the backslashes before its tags, where it writes its records so."""
    return re.sub(r"\\(?=</?\w)", "", text) if _MARKED_UP.search(text) else text


def _records(text: str) -> list[_Xml]:
    if not EVENT_ELEMENT.search(text):
        return []
    elements = list(elements_in(text))
    spelt = [element.record() for element in elements]
    whole = [(0, record) for record in spelt if record is not None]
    rows = iter(_of_a_calendar(events_in_order(whole)).to_dicts() if whole else [])
    found = []
    line, passed = 0, 0
    for element, record in zip(elements, spelt, strict=True):
        line, passed = line + text.count("\n", passed, element.begin), element.begin
        found.append(_Xml(element, line, None if record is None else next(rows)))
    return found


def _quoted(records: Sequence[_Xml], lines: Sequence[str]) -> list[Block]:
    """Return the messages that a text quotes; beside XML that shows an event only those of its records."""
    sentences = list(sentences_in(lines))
    if all(record.row is None for record in records):
        return sentences
    twins = _twins(records, sentences, lines).values()
    return [block for block in sentences if block in twins]


def _of_a_calendar(events: pl.DataFrame) -> pl.DataFrame:
    """Return events without the times that lie in no year of a calendar, as damaged XML may hold them."""
    known = pl.col("recorded_at").dt.year().is_between(MINYEAR, MAXYEAR)
    clock = pl.when(known).then("clock").otherwise(pl.lit("unknown").cast(events.schema["clock"]))
    return events.with_columns(
        *(pl.when(known).then(name).alias(name) for name in ("recorded_at", "at")), clock=clock
    )


def _without(records: Sequence[_Xml], text: str) -> str:
    """Return a text without its XML, of which the beginnings and the ends of lines stay."""
    kept, passed = [], 0
    for record in records:
        element = record.element
        kept += [text[passed : element.begin], "<Event ", "\n" * text.count("\n", element.begin, element.end)]
        passed = element.end
    return "".join([*kept, text[passed:]])


def _twin(record: _Xml, blocks: Sequence[Block], lines: Sequence[str]) -> Block | None:
    """Return the block that is the same event as the XML behind it, None where it is another or none."""
    place = bisect_right(blocks, record.line, key=_end) - 1
    if place < 0 or not all(names_xml(line) for line in lines[blocks[place].end : record.line]):
        return None
    before = blocks[place]
    number = record.row and record.row["event_id"]
    return before if number is None or before.cells["event_id"] in (str(number), "") else None


def _twins(records: Sequence[_Xml], blocks: Sequence[Block], lines: Sequence[str]) -> dict[int, Block]:
    """Return the block of each record that has one, by the record's line.

    A record that lacks what its provider wrote, as XML that breaks off does, is told as well by the nearest
    block of its number that shows no more than a message.
    """
    twins = {record.line: block for record in records if (block := _twin(record, blocks, lines)) is not None}
    for record in records:
        row = record.row
        if record.line in twins or row is None or row["data"] is not None:
            continue
        alike = [block for block in blocks if block not in twins.values() and _is_message_of(row, block)]
        if alike:
            twins[record.line] = min(alike, key=lambda block: abs(block.begin - record.line))
    return twins


def _is_message_of(row: Row, block: Block) -> bool:
    """Tell whether a block shows a message of the event of a record, and neither its time nor its log."""
    cells = block.cells
    bare = not cells.get("at") and "channel" not in cells and "level" not in cells
    of_provider = row["provider"] in (None, full_name(cells.get("provider", "")))
    return bare and of_provider and cells["event_id"] == str(row["event_id"])


def _end(block: Block) -> int:
    return block.end


def _listed(cells: Mapping[str, str]) -> Listed:
    """Return an event of a text; a user that is shown by a name has no SID to keep."""
    user = cells.get("user_sid", "")
    return Listed({**cells, "user_sid": user if user.startswith("S-1-") else "", "user": user})


def _block_rows(blocks: Sequence[Block]) -> list[Row]:
    """Return the row of each block, in the order of the text."""
    placed = [{**block.cells, "record": str(place)} for place, block in enumerate(blocks)]
    rows = events_of([_listed(cells) for cells in placed]).rows["events"].to_dicts() if placed else []
    return [{**row, "record": None} for row in rows]


def _filled(row: Row, beside: Row) -> Row:
    """Return the row of a record with what only the block before it says."""
    missing = {name for name, value in row.items() if value is None and name not in _DATING}
    missing |= set(_DATING) if row["recorded_at"] is None else set()
    return {**row, **{name: beside[name] for name in missing & beside.keys()}}


def _frame(found: Mapping[int, Row]) -> pl.DataFrame:
    """Return events by their time, an undated one behind that before it; so numbered where they are not."""
    latest, keyed = _LONG_AGO, []
    for line in sorted(found):
        latest = found[line]["at"] or latest
        keyed.append((latest, line))
    rows = [found[line] for _, line in sorted(keyed)]
    numbers = {row["record"] for row in rows}
    if None in numbers or 0 in numbers or len(numbers) < len(rows):
        rows = [{**row, "record": number} for number, row in enumerate(rows, 1)]
    names = rows[0] if rows else ()
    return rows_of("events", {name: [row[name] for row in rows] for name in names}).sort("record")
