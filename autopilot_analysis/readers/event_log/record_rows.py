"""Records as the EVTX parser spells them -> `events`, in batches that let go of their JSON soon."""

from __future__ import annotations

from collections.abc import Iterator

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

_BATCH = 2048
"""So many records are decoded at once: few enough to stay in the processor's cache."""
_SCHEMA = {k: v for k, v in schema_of("events").items() if k not in ("device", "member")}
_TRACED = ("name", "opcode")
"""Columns that only traces fill."""
_DECODED = {k: v for k, v in _SCHEMA.items() if k not in ("at", "clock", "code", *_TRACED)}
_WRITTEN = "%Y-%m-%dT%H:%M:%S%.fZ"


class RowsOfLogs:
    """Decodes the records of several logs in common batches."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Record]] = {}
        self._count = 0
        self._pieces: dict[str, list[pl.DataFrame]] = {}
        self._faults: dict[str, BaseException] = {}

    def expect(self, log: str) -> None:
        """Know of a log, which may turn out to hold no record."""
        self._pieces.setdefault(log, [])

    def add(self, log: str, records: list[Record]) -> None:
        """Take records of a log, in any order."""
        self.expect(log)
        self._waiting.setdefault(log, []).extend(records)
        self._count += len(records)
        if self._count >= _BATCH:
            self._decode()

    def take(self, log: str) -> pl.DataFrame | BaseException:
        """Give away the `events` of a log, by record id, or what decoding them raised."""
        self._decode()
        pieces = self._pieces.pop(log)
        if log in self._faults:
            return self._faults[log]
        rows = pl.concat(pieces) if pieces else pl.DataFrame(schema=_SCHEMA)
        return rows if rows["record"].is_sorted() else rows.sort("record", maintain_order=True)

    def _decode(self) -> None:
        """Decode what waits, together or, where one log defeats that, each by itself."""
        waiting, self._waiting, self._count = self._waiting, {}, 0
        try:
            self._keep(waiting)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of native code is no Exception
            if len(waiting) == 1:
                self._faults |= dict.fromkeys(waiting, error)
                return
            for one in waiting.items():
                self._waiting = dict([one])
                self._decode()

    def _keep(self, waiting: dict[str, list[Record]]) -> None:
        records = [record for of_log in waiting.values() for record in of_log]
        if not records:
            return
        rows, at = events_in_order(records), 0
        for log, of_log in waiting.items():
            self._pieces[log].append(rows.slice(at, len(of_log)))
            at += len(of_log)


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
    codes = result_codes(rows.select(CODE_FIELD).to_series().rename("code"))
    dated = pl.col("recorded_at").is_not_null()
    clock = pl.when(dated).then(pl.lit(DECLARED)).otherwise(pl.lit(NOT_KNOWN)).cast(_SCHEMA["clock"])
    traced = {name: pl.lit(None, _SCHEMA[name]) for name in _TRACED}
    events = rows.with_columns(codes, at="recorded_at", clock=clock, **traced).select(*_SCHEMA)
    return with_repeated_names(with_named_fields(events))


def _decoded(records: list[Record]) -> pl.DataFrame:
    """Return what the records themselves say, in their order."""
    rows = pl.DataFrame(columns_of(records), schema=_DECODED | {"recorded_at": pl.String()})
    return rows.with_columns(pl.col("recorded_at").str.to_datetime(_WRITTEN, time_zone="UTC", strict=False))
