"""Records as the EVTX parser spells them -> `events`, in batches that let go of their JSON soon.

Small batches are decoded, many of them completed at once: a query costs more than the rows of a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeVar

import polars as pl

from autopilot_analysis.clock.provenance import DECLARED, NOT_KNOWN
from autopilot_analysis.readers.event_log.event_fields import (
    CODE_FIELD,
    result_codes,
    with_named_fields,
    with_repeated_names,
)
from autopilot_analysis.readers.event_log.event_record import Record, columns_of
from autopilot_analysis.tables import schema_of

_BATCH = 1024
"""So many records are decoded at once: few enough to stay in the processor's cache."""
_COMPLETED = 32_768
"""So many rows are completed at once: few enough to need little memory."""
_SCHEMA = {k: v for k, v in schema_of("events").items() if k not in ("device", "member")}
_TRACED = ("name", "opcode")
"""Columns that only traces fill."""
_DECODED = {k: v for k, v in _SCHEMA.items() if k not in ("at", "clock", "code", *_TRACED)}
_WRITTEN, _WRITTEN_OTHERWISE = "%Y-%m-%dT%H:%M:%S.%6fZ", "%Y-%m-%dT%H:%M:%S%.fZ"
"""How the parser writes an instant, of a length that is read five times as fast, and how files may."""


_Part = TypeVar("_Part", list[Record], pl.DataFrame)


class RowsOfLogs:
    """Decodes the records of several logs in common batches."""

    def __init__(self) -> None:
        self._records: dict[str, list[Record]] = {}
        self._decoded: list[tuple[str, pl.DataFrame]] = []
        self._completed: dict[str, list[pl.DataFrame]] = {}
        self._faults: dict[str, BaseException] = {}
        self._waiting = self._incomplete = 0

    def expect(self, log: str) -> None:
        """Know of a log, which may turn out to hold no record."""
        self._completed.setdefault(log, [])

    def add(self, log: str, records: list[Record]) -> None:
        """Take records of a log, in any order."""
        self.expect(log)
        self._records.setdefault(log, []).extend(records)
        self._waiting += len(records)
        if self._waiting >= _BATCH:
            self._decode()

    def take(self, log: str) -> pl.DataFrame | BaseException:
        """Give away the `events` of a log, by record id, or what decoding them raised."""
        self._decode()
        self._complete()
        pieces = self._completed.pop(log)
        if log in self._faults:
            return self._faults[log]
        rows = pl.concat(pieces) if pieces else pl.DataFrame(schema=_SCHEMA)
        return rows if rows["record"].is_sorted() else rows.sort("record", maintain_order=True)

    def _decode(self) -> None:
        """Decode what waits, and complete what was decoded once it is much."""
        records, self._records, self._waiting = list(self._records.items()), {}, 0
        made = list(self._made(records, lambda parts: _decoded(list(chain.from_iterable(parts)))))
        self._decoded += made
        self._incomplete += sum(rows.height for _, rows in made)
        if self._incomplete >= _COMPLETED:
            self._complete()

    def _complete(self) -> None:
        decoded, self._decoded, self._incomplete = self._decoded, [], 0
        for log, rows in self._made(decoded, lambda parts: _completed(pl.concat(parts, rechunk=True))):
            self._completed[log].append(rows)

    def _made(
        self, parts: list[tuple[str, _Part]], make: Callable[[list[_Part]], pl.DataFrame]
    ) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield the rows of each part, made of all together or, where one log defeats that, one by one."""
        if not parts:
            return
        try:
            rows, at = make([part for _, part in parts]), 0
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of native code is no Exception
            if len(parts) == 1:
                self._faults[parts[0][0]] = error
                return
            for one in parts:
                yield from self._made([one], make)
            return
        for log, part in parts:
            yield log, rows.slice(at, len(part))
            at += len(part)


def events_of_records(chunks: Iterator[list[Record]]) -> pl.DataFrame:
    """Return the records of all chunks as `events`, by record id.

    Args:
        chunks: Records of one chunk each.
    """
    rows = RowsOfLogs()
    rows.expect("")
    for records in chunks:
        rows.add("", records)
    events = rows.take("")
    if isinstance(events, BaseException):
        raise events
    return events


def events_in_order(records: list[Record]) -> pl.DataFrame:
    """Return records as `events`, in the order in which they come.

    Args:
        records: At least one.
    """
    return _completed(_decoded(records))


def _completed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return decoded records with what follows from what they say."""
    rows = rows.with_columns(recorded_at=_instants(rows["recorded_at"]))
    codes = result_codes(rows.select(CODE_FIELD).to_series().rename("code"))
    dated = pl.col("recorded_at").is_not_null()
    clock = pl.when(dated).then(pl.lit(DECLARED)).otherwise(pl.lit(NOT_KNOWN)).cast(_SCHEMA["clock"])
    traced = {name: pl.lit(None, _SCHEMA[name]) for name in _TRACED}
    events = rows.with_columns(codes, at="recorded_at", clock=clock, **traced).select(*_SCHEMA)
    return with_repeated_names(with_named_fields(events))


def _decoded(records: list[Record]) -> pl.DataFrame:
    """Return what the records themselves say, in their order."""
    return pl.DataFrame(columns_of(records), schema=_DECODED | {"recorded_at": pl.String()})


def _instants(texts: pl.Series) -> pl.Series:
    """Return instants from their texts, null where one is none."""
    for written in (_WRITTEN, _WRITTEN_OTHERWISE):
        instants = texts.str.to_datetime(written, time_zone="UTC", strict=False, cache=False)
        if instants.null_count() == texts.null_count():
            break
    return instants
