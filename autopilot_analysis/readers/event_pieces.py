"""Event records as the parser spells them -> rows of `events`, each distinct piece of `System` decoded once.

Nearly every record spells `System` in one order: what its kind of event has in common, the time, the record
id, where and by whom it was written; the payload follows. A batch of records is cut at these places. The
first and the last piece of `System` come again and again, so only the distinct ones are decoded. A record
that does not come apart so is decoded by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl

from autopilot_analysis.readers.event_record import (
    Record,
    columns_of,
    decode_kind,
    decode_place,
    kind_columns,
    place_columns,
)
from autopilot_analysis.tables import schema_of

_BEGIN = '{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":'
_CUTS = (
    ("kind", ',"TimeCreated":{"#attributes":{"SystemTime":"'),
    ("written", '"}},"EventRecordID":'),
    ("number", ","),
    ("place", '},"EventData":'),
)
"""The pieces in their order, each with the text that ends it; what is left is the payload and `_END`."""
_END = "}}"
_FEW = 1024
"""So many records are decoded one by one before cutting them pays."""
_SECOND = "%Y-%m-%dT%H:%M:%S"
_BYTES_OF_TIME = len("2026-03-02T08:00:00.000000Z")
_ADDED = ("device", "member", "at", "clock", "code")
_SCHEMA = {name: kind for name, kind in schema_of("events").items() if name not in _ADDED}
_REST = pl.col("rest")
_NAMED_FIELDS = _REST.str.starts_with('{"') & _REST.str.ends_with("}" + _END)
_ALONE = ~_REST.str.contains('},"', literal=True)
_CAME_APART = (
    pl.col("kind_told") & pl.col("place_told") & ((_NAMED_FIELDS & _ALONE) | (_REST == "null" + _END))
)
"""Whether a record lies in pieces: both were decoded, and nothing but the payload stands behind them."""


def rows_of_records(records: list[Record]) -> pl.DataFrame:
    """Return the columns of `events` that stand in the records themselves, in the order of the records.

    Args:
        records: What the parser yields.
    """
    if len(records) < _FEW:
        return _decoded(records)
    cut = _cut(pl.Series("rest", [text for _, text in records], dtype=pl.String))
    cut = _told(cut, "kind", lambda piece: decode_kind(piece.removeprefix(_BEGIN) + "}"), kind_columns)
    cut = _told(cut, "place", lambda piece: decode_place("{" + piece + "}"), place_columns)
    rows = cut.select(
        pl.col("number").cast(pl.Int64, strict=False).alias("record"),
        _instant(pl.col("written")).alias("recorded_at"),
        pl.col("rest").str.strip_suffix(_END).alias("data"),
        *(name for name in _SCHEMA if name not in ("record", "recorded_at", "data")),
    ).select(*_SCHEMA)
    read = rows["record"].is_not_null() & rows["recorded_at"].is_not_null()
    apart = (read & cut.select(_CAME_APART).to_series()).fill_null(value=False)
    return _completed(rows, apart, records)


def _cut(texts: pl.Series) -> pl.DataFrame:
    """Return the pieces of each text and its rest, null from the first cut on that is not in it."""
    pieces = texts.to_frame()
    for name, end in _CUTS:
        cut = pl.col("rest").str.splitn(end, 2).struct.rename_fields([name, "rest"])
        pieces = pieces.with_columns(cut).unnest("rest")
    return pieces


def _told(
    pieces: pl.DataFrame,
    name: str,
    decode: Callable[[str], Any],
    columns: Callable[[list[Any]], dict[str, list[Any]]],
) -> pl.DataFrame:
    """Return `pieces` with what one of them says; `<name>_told` is null where it could not be decoded.

    Args:
        pieces: The cut records.
        name: Which piece.
        decode: Decodes one text, or raises.
        columns: Returns what the decoded texts say.
    """
    texts, decoded = [], []
    for text in pieces[name].drop_nulls().unique():
        try:
            decoded.append(decode(text))
        except (msgspec.DecodeError, RecursionError):  # a record spelt otherwise: decoded as a whole
            continue
        texts.append(text)
    told = columns(decoded)
    frame = pl.DataFrame({name: texts, **told}, schema={name: pl.String(), **{k: _SCHEMA[k] for k in told}})
    known = pl.lit(value=True).alias(f"{name}_told")
    return pieces.join(frame.with_columns(known), on=name, how="left", maintain_order="left")


def _instant(written: pl.Expr) -> pl.Expr:
    """Return times as the parser writes them: seconds, which repeat and are read once each, and fraction."""
    second = written.str.slice(0, 19).str.to_datetime(_SECOND, time_unit="us", time_zone="UTC", strict=False)
    fraction = written.str.slice(20, 6).cast(pl.Int64, strict=False)
    usual = (written.str.len_bytes() == _BYTES_OF_TIME) & written.str.ends_with("Z")
    return pl.when(usual).then(second + pl.duration(microseconds=fraction))


def _completed(rows: pl.DataFrame, apart: pl.Series, records: list[Record]) -> pl.DataFrame:
    """Return `rows` with those that did not come apart replaced by what their records say as a whole."""
    others = (~apart).arg_true()
    if others.is_empty():
        return rows
    back = pl.concat([apart.arg_true(), others]).arg_sort()
    return pl.concat([rows.filter(apart), _decoded([records[at] for at in others])])[back]


def _decoded(records: list[Record]) -> pl.DataFrame:
    """Return what each record says, decoded as a whole."""
    rows = pl.DataFrame(columns_of(records), schema=_SCHEMA | {"recorded_at": pl.String()})
    instant = pl.col("recorded_at").str.to_datetime(_SECOND + "%.fZ", time_zone="UTC", strict=False)
    return rows.with_columns(instant)
