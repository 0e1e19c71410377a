"""Windows event logs (EVTX, XML, lists, pasted texts) -> `events`, and what the log no longer holds.

Each chunk is parsed on its own, so that damage stays inside its chunk and is counted there.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from operator import itemgetter
from typing import Any

import polars as pl
from evtx import PyEvtxParser

from autopilot_analysis.facts.event_lists import are_event_documents
from autopilot_analysis.facts.event_texts import channel_quoted
from autopilot_analysis.readers.event_log.event_chunks import (
    EXPORT_AGAIN,
    FILE_MAGIC,
    HEADER_BYTES,
    Chunk,
    LogFile,
    lost_chunk_gaps,
)
from autopilot_analysis.readers.event_log.event_record import Record
from autopilot_analysis.readers.event_log.event_xml import read_records
from autopilot_analysis.readers.event_log.lists import event_clixml
from autopilot_analysis.readers.event_log.lists.event_documents import read_event_documents
from autopilot_analysis.readers.event_log.lists.event_list import SHAPING, is_event_list, read_event_list
from autopilot_analysis.readers.event_log.lists.event_objects import read_event_objects
from autopilot_analysis.readers.event_log.lists.event_text import is_event_text, read_event_text
from autopilot_analysis.readers.event_log.record_rows import events_of_records
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import decode

_UNLIKELY = 2**48
_UNFILTERED = "Collect the whole log, without a filter."
_OLDER = "What happened earlier may stand in another log or in an earlier collection."
_LATE = "the log rolled over or was cleared or filtered: records 1 to {before} are gone"
_SAVED_LATE = (
    "records 1 to {before} are not in this list: nobody saved them with it, or the log had lost them"
)
"""What a late first record says of a log, and of a list of which somebody chose what it holds."""
_ID_AND_TEXT = itemgetter("event_record_id", "data")
_BARE_HEADER = FILE_MAGIC.ljust(HEADER_BYTES, b"\0")
_BEGINS_AS_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_BEGINS_AS_JSON = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[\[{]")


def read_event_log(content: bytes, member: str = "") -> Reading:
    """Return the events of one log, ordered by record id, and a gap for whatever is known to be lost.

    Args:
        content: The whole file, sound, cut or damaged; as Windows keeps it, saved as XML, as a list, or
            pasted into a text.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The bytes begin like no event log, XML or list of one, and hold no pasted event.
    """
    if not content.startswith(FILE_MAGIC):
        if event_clixml.BEGINS.match(content):
            return event_clixml.read_event_clixml(content, member)
        if _BEGINS_AS_XML.match(content):
            read = read_event_text if _quotes_behind(content) else _saved_as_xml
            return read(content, member)
        if _BEGINS_AS_JSON.match(content):
            documents = are_event_documents(decode(content[:SHAPING]))
            return (read_event_documents if documents else read_event_objects)(content, member)
        if is_event_list(content):
            return read_event_list(content, member)
        if is_event_text(content):
            return read_event_text(content, member)
    log = LogFile.of(content, member)
    chunks: list[Chunk] = []
    unread: list[Unread] = []
    with _no_garbage_collection():
        events = events_of_records(_records(log, chunks, unread))
    lost = list(lost_chunk_gaps(log.lost_slots(), chunks, log.chunk_count))
    explained = sum(gap.count or 0 for gap in lost) + sum(chunk.expected for chunk in chunks) - events.height
    ids = _id_gaps(log, events["record"], max(0, explained))
    return Reading({"events": events}, (*log.header_gaps(), *lost, *unread, *ids))


def _quotes_behind(content: bytes) -> bool:
    """Tell whether the text behind pasted XML quotes messages of events."""
    if len(content) > SHAPING:
        return False
    return channel_quoted(decode(content).rpartition("</Event>")[2]) is not None


def _saved_as_xml(content: bytes, member: str) -> Reading:
    """Return the events of a log saved as XML; one file may mix channels, so holes are told of each."""
    records, unread = read_records(content, member)
    with _no_garbage_collection():
        events = events_of_records(iter([records]))
    for channel in events["channel"].unique().sort():
        ids = events.filter(pl.col("channel").eq_missing(channel))["record"]
        begins = _begins_late(ids, _SAVED_LATE)
        unread += begins if unread else (*begins, *_holes(ids, 0))
    return Reading({"events": events}, tuple(unread))


def _records(log: LogFile, chunks: list[Chunk], unread: list[Unread]) -> Iterator[list[Record]]:
    """Yield the parsed records of each chunk; `chunks` and `unread` take what is said about it."""
    for chunk in log.chunks():
        records, errors = _parse(chunk.readable())
        if chunk.whole and len(records) < chunk.expected:
            records, errors = max((records, errors), _parse(chunk.mended()), key=lambda tried: len(tried[0]))
        chunks.append(chunk)
        unread.extend(_chunk_gaps(chunk, len(records), errors))
        yield records


def _parse(chunk: bytes) -> tuple[list[Record], int]:
    """Return the records of one chunk that have an id, and how many the parser gave up on."""
    yielded: Any = PyEvtxParser(BytesIO(_BARE_HEADER + chunk)).records_json()
    parser = map(_ID_AND_TEXT, yielded)
    records: list[Record] = []
    errors = 0
    while errors < len(chunk):
        try:
            records.extend(parser)
            break
        except RuntimeError:  # the parser goes on behind the damaged record
            errors += 1
    return [record for record in records if record[0]], errors


def _chunk_gaps(chunk: Chunk, came: int, errors: int) -> Iterator[Unread]:
    """Yield what is known to be wrong with one chunk of which `came` records could be read."""
    lost = chunk.expected - came
    if lost > 0:
        how = "could not be read" if chunk.whole else "are cut off"
        reason = f"{lost} of the {chunk.expected} records of chunk {chunk.number} {how}"
        yield Unread(reason, record=chunk.first, count=lost, advice=EXPORT_AGAIN)
    elif errors:
        reason = f"{errors} further records of chunk {chunk.number} could not be read"
        yield Unread(reason, record=chunk.last, count=errors, advice=EXPORT_AGAIN)
    if not chunk.checked:
        reason = f"the checksum of chunk {chunk.number} does not match: its {came} records may be altered"
        yield Unread(
            reason, record=chunk.first, count=came, advice="Check what matters against another source."
        )


def _id_gaps(log: LogFile, records: pl.Series, explained: int) -> Iterator[Unread]:
    """Yield what the record ids tell: a log that begins late, has holes, or ends before its header says.

    Args:
        log: The header.
        records: Record ids, ascending.
        explained: How many records damaged chunks are already known to have cost.
    """
    written = log.next_record - 1 if log.trusted and not log.missing else 0
    if records.is_empty():
        if 0 < written < _UNLIKELY:
            yield Unread(
                f"records 1 to {written} are no longer in this log", count=written, advice=_OLDER, whole=True
            )
        return
    yield from _begins_late(records)
    yield from _holes(records, explained)
    last = int(records[-1])
    if not log.dirty and 0 < written - last < _UNLIKELY:
        reason = f"the header counts records up to {written}, the log ends at {last}"
        yield Unread(reason, record=last, count=written - last, advice=EXPORT_AGAIN)


def _begins_late(records: pl.Series, words: str = _LATE) -> Iterator[Unread]:
    if (first := int(records[0])) > 1:
        reason = words.format(before=first - 1)
        yield Unread(reason, record=first, count=first - 1, advice=_OLDER, whole=True)


def _holes(records: pl.Series, explained: int) -> Iterator[Unread]:
    first, last = int(records[0]), int(records[-1])
    holes = last - first + 1 - records.n_unique() - explained
    if 0 < holes < _UNLIKELY:
        steps = records.diff()
        before = int(records[int((steps > 1).arg_max() or 1) - 1])
        reason = f"{holes} record ids are missing, the first behind record {before}: filtered out or lost"
        yield Unread(reason, record=before, count=holes, advice=_UNFILTERED, whole=True)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Hold the cycle collector off: decoded records hold no cycles, and there are many."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
