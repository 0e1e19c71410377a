"""Event records as the parser spells them -> rows of `events`, each distinct piece of `System` decoded once.

Nearly every record spells `System` in one order: what its kind of event has in common, the time, the record
id, what it belongs to, process and thread, where and by whom it was written; the payload follows. A batch of
records is cut at these places. The times and numbers are read as columns; the pieces between them come again
and again in a log, so only the distinct ones are decoded. A record that does not come apart so is decoded by
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import msgspec
import polars as pl

from autopilot_analysis.readers.event_record import (
    NOTHING,
    columns_of,
    correlation_columns,
    decode_correlation,
    decode_kind,
    decode_place,
    kind_columns,
    place_columns,
)
from autopilot_analysis.tables import schema_of

_BEGIN = '{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":'
_CUTS = {
    "kind": ',"TimeCreated":{"#attributes":{"SystemTime":"',
    "written": '"}},"EventRecordID":',
    "record": ',"Correlation":',
    "correlation": ',"Execution":{"#attributes":{"ProcessID":',
    "process_id": ',"ThreadID":',
    "thread_id": '}},"Channel":',
    "place": '},"EventData":',
}
"""The pieces in their order, each with the text that ends it; what is left is the payload and `_END`."""
_END = "}}"
_FEW = 1024
"""So many records are decoded one by one before cutting them pays."""
_SECOND = "%Y-%m-%dT%H:%M:%S"
_BYTES_OF_TIME = len("2026-03-02T08:00:00.000000Z")
_ADDED = ("device", "member", "at", "clock", "code")
_SCHEMA = {name: kind for name, kind in schema_of("events").items() if name not in _ADDED}
_TEXT = pl.col("text")
_DATA = pl.col("data")
_FIELDS_ALONE = (
    _DATA.str.starts_with('{"') & _DATA.str.ends_with("}") & ~_DATA.str.contains('},"', literal=True)
)
"""Whether nothing stands behind `System` but the payload, an object of fields without objects among them."""


class RecordReader:
    """Reads the records of one log, batch by batch, and remembers the pieces it has decoded."""

    @cached_property
    def _pieces(self) -> dict[str, _Pieces]:
        return {
            "kind": _Pieces("kind", lambda text: decode_kind(text + "}"), kind_columns),
            "correlation": _Pieces(
                "correlation",
                lambda text: decode_correlation(f'{{"Correlation":{text}}}'),
                correlation_columns,
            ),
            "place": _Pieces("place", lambda text: decode_place(f'{{"Channel":{text}}}'), place_columns),
        }

    def rows(self, records: pl.DataFrame) -> pl.DataFrame:
        """Return the columns of `events` that stand in the records, and their number; in any order.

        Args:
            records: Columns number, header (the record id in the record's header) and text (the record as
                JSON).
        """
        if records.height < _FEW:
            return _decoded(records)
        cut = _cut(records)
        told = [pieces.told(cut[name]) for name, pieces in self._pieces.items()]
        rows = pl.concat([cut.select(_READ), *told], how="horizontal")
        rows = _only(rows, pl.all_horizontal(pl.col("^.*_told$"), pl.col(_TYPED).is_not_null()))
        rows = rows.select("number", *_SCHEMA)
        if rows.height == records.height:
            return rows
        return pl.concat([rows, _decoded(records.join(rows, on="number", how="anti"))])


class _Pieces:
    """One piece of many records: every distinct text is decoded once."""

    def __init__(
        self, name: str, decode: Callable[[str], Any], columns: Callable[[list[Any]], dict[str, list[Any]]]
    ) -> None:
        """Begin with nothing seen but the empty text.

        Args:
            name: Which piece.
            decode: Decodes one text, or raises.
            columns: Returns what decoded texts say.
        """
        self._name = name
        self._decode = decode
        self._columns = columns
        # Codes are numbered on from batch to batch only as long as a column of their type is alive.
        self._seen = pl.Series([""], dtype=pl.Categorical(pl.Categories.random()))
        self._told = self._table([""])

    def told(self, texts: pl.Series) -> pl.DataFrame:
        """Return what each text says; `<name>_told` is false where it could not be decoded.

        Args:
            texts: The piece, under its name.
        """
        codes = texts.cast(self._seen.dtype).to_physical()
        known = self._told.height
        new = pl.DataFrame({"code": codes, "text": texts}).filter(pl.col("code") >= known)
        if new.height:
            new = new.unique("code").sort("code")
            self._told = pl.concat([self._told, self._table(new["text"].to_list())], rechunk=True)
        return self._told[codes]

    def _table(self, texts: list[str]) -> pl.DataFrame:
        told, systems = [], []
        for text in texts:
            try:
                systems.append(self._decode(text))
            except (msgspec.DecodeError, RecursionError):  # a record spelt otherwise: decoded as a whole
                systems.append(NOTHING)
            told.append(systems[-1] is not NOTHING)
        columns = self._columns(systems)
        return pl.DataFrame(
            {**columns, f"{self._name}_told": told},
            schema={**{name: _SCHEMA[name] for name in columns}, f"{self._name}_told": pl.Boolean()},
        )


def _cut(records: pl.DataFrame) -> pl.DataFrame:
    """Return number, pieces and payload of the records that hold all cuts in their order."""
    found = records.with_columns(
        _TEXT.str.find(end, literal=True).alias(f"{name}_end") for name, end in _CUTS.items()
    )
    in_order = [
        pl.col(f"{name}_end") + len(end) <= pl.col(f"{following}_end")
        for (name, end), following in zip(_CUTS.items(), list(_CUTS)[1:], strict=False)
    ]
    framed = _TEXT.str.starts_with(_BEGIN) & _TEXT.str.ends_with(_END)
    found = _only(found, pl.all_horizontal(framed, *in_order))
    return found.select("number", *(piece.cast(pl.String).alias(name) for name, piece in _spans()))


def _spans() -> Iterator[tuple[str, pl.Expr]]:
    """Yield each piece's name and its bytes, from behind the cut before it to its own; then the payload's."""
    text = _TEXT.cast(pl.Binary)
    begin = pl.lit(len(_BEGIN), pl.UInt32)
    for name, end in _CUTS.items():
        yield name, text.bin.slice(begin, pl.col(f"{name}_end") - begin)
        begin = pl.col(f"{name}_end") + len(end)
    yield "data", text.bin.slice(begin, text.bin.size() - begin - len(_END))


def _only(frame: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """Return the rows that meet a condition, and the frame itself when all do."""
    met = frame.select(condition.fill_null(value=False)).to_series()
    return frame if met.all() else frame.filter(met)


def _instant(written: pl.Expr) -> pl.Expr:
    """Return times as the parser writes them: seconds, which repeat and are read once each, and fraction."""
    second = written.str.slice(0, 19).str.to_datetime(_SECOND, time_unit="us", time_zone="UTC", strict=False)
    fraction = written.str.slice(20, 6).cast(pl.Int64, strict=False)
    usual = (written.str.len_bytes() == _BYTES_OF_TIME) & written.str.ends_with("Z")
    return pl.when(usual).then(second + pl.duration(microseconds=fraction))


_TYPED = ("record", "recorded_at", "process_id", "thread_id")
_READ = (
    pl.col("number", "data"),
    pl.col("record", "process_id", "thread_id").cast(pl.Int64, strict=False),
    _instant(pl.col("written")).alias("recorded_at"),
    (_FIELDS_ALONE | (_DATA == "null")).alias("payload_told"),
)


def _decoded(records: pl.DataFrame) -> pl.DataFrame:
    """Return what each record says, decoded as a whole."""
    said = columns_of(records.select("header", "text").rows())
    rows = pl.DataFrame(said, schema=_SCHEMA | {"recorded_at": pl.String()})
    instant = pl.col("recorded_at").str.to_datetime(_SECOND + "%.fZ", time_zone="UTC", strict=False)
    return rows.select(records["number"], *_SCHEMA).with_columns(instant)
