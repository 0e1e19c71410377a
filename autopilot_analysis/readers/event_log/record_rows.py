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


def events_of_records(chunks: Iterator[list[Record]]) -> pl.DataFrame:
    """Return the records of all chunks as `events`, by record id.

    Args:
        chunks: Records of one chunk each.
    """
    batches = [_decoded(records) for records in _batches(chunks)]
    if not batches:
        return pl.DataFrame(schema=_SCHEMA)
    rows = pl.concat(batches)
    del batches
    if not rows["record"].is_sorted():
        rows = rows.sort("record", maintain_order=True)
    return _completed(rows)


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


def _batches(chunks: Iterator[list[Record]]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for records in chunks:
        batch += records
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _decoded(records: list[Record]) -> pl.DataFrame:
    """Return what the records themselves say, in their order."""
    rows = pl.DataFrame(columns_of(records), schema=_DECODED | {"recorded_at": pl.String()})
    return rows.with_columns(pl.col("recorded_at").str.to_datetime(_WRITTEN, time_zone="UTC", strict=False))
