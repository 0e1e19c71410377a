"""Event logs as Windows keeps them (EVTX) -> `events`, all logs of a capture in common batches.

Each chunk is parsed on its own, so that damage stays inside its chunk and is counted there. Most logs of a
capture are small: their records share batches, because a frame costs more than the rows of a small log.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from operator import itemgetter
from typing import Any

import msgspec
import polars as pl
from evtx import PyEvtxParser

from autopilot_analysis.readers.event_log.event_chunks import (
    EXPORT_AGAIN,
    FILE_MAGIC,
    HEADER_BYTES,
    Chunk,
    LogFile,
    lost_chunk_gaps,
)
from autopilot_analysis.readers.event_log.event_record import Record
from autopilot_analysis.readers.event_log.record_gaps import Written, id_gaps
from autopilot_analysis.readers.event_log.record_rows import RowsOfLogs
from autopilot_analysis.readers.reading import Reading, Unread

_ID_AND_TEXT = itemgetter("event_record_id", "data")
_BARE_HEADER = FILE_MAGIC.ljust(HEADER_BYTES, b"\0")


class _Log(msgspec.Struct, frozen=True):
    """What is known of one log beside its records."""

    written: Written
    header: tuple[Unread, ...]
    lost: tuple[Unread, ...]
    unread: tuple[Unread, ...]
    promised: int
    """Records that its chunks say to hold."""


class BinaryLogs:
    """Reads the event logs of one capture and gives their rows at the end."""

    def __init__(self) -> None:
        self._logs: dict[str, _Log] = {}
        self._rows = RowsOfLogs()

    def add(self, content: bytes, member: str = "") -> None:
        """Parse one log.

        Args:
            content: Its bytes, sound, cut or damaged.
            member: Its path; each log has its own.

        Raises:
            NotThisFormat: The bytes do not begin like an event log.
        """
        log = LogFile.of(content, member)
        chunks: list[Chunk] = []
        unread: list[Unread] = []
        self._rows.expect(member)
        with without_collections():
            for records in _records(log, chunks, unread):
                self._rows.add(member, records)
        self._logs[member] = _Log(
            Written.of(log),
            tuple(log.header_gaps()),
            tuple(lost_chunk_gaps(log.lost_slots(), chunks, log.chunk_count)),
            tuple(unread),
            sum(chunk.expected for chunk in chunks),
        )

    def answers(self) -> dict[str, Reading | BaseException]:
        """Return a reading for each log, or what no log meant to raise; what was read is given away."""
        answers: dict[str, Reading | BaseException] = {}
        with without_collections():
            for member in list(self._logs):
                log = self._logs.pop(member)
                rows = self._rows.take(member)
                answers[member] = rows if isinstance(rows, BaseException) else _reading(log, rows)
        return answers


def _reading(log: _Log, events: pl.DataFrame) -> Reading:
    """Return the events of a log, and a gap for whatever is known to be lost."""
    explained = sum(gap.count or 0 for gap in log.lost) + log.promised - events.height
    ids = id_gaps(log.written, events["record"], max(0, explained))
    return Reading({"events": events}, (*log.header, *log.lost, *log.unread, *ids))


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


@contextmanager
def without_collections() -> Iterator[None]:
    """Hold the cycle collector off: decoded records hold no cycles, and there are many."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
