"""A timeline as two blocks of bytes that a browser unpacks at once: what is drawn first, then the texts.

A block is gzip over: the length of its head (4 bytes, little endian), the head as JSON padded to eight bytes,
and arrays one after another, each padded to eight bytes. The head says where each array lies; each distinct
text stands once in a list, and an array names it by its place.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis import wording
from autopilot_analysis.codes import explain
from autopilot_analysis.tables.timeline import EVENT, IDLE, LANE_NAMES, LEVELS, Occurrence

ERRORS = "errors"
"""The lane of a page, and of no table, in which errors of all logs stand together."""
TWO_BYTES_NAME, NO_EVENT_ID = 2**16, 2**32 - 1
"""Distinct texts up to which two bytes name one; the number that stands for no event id."""
CODED = (
    "device",
    "clock",
    "lane",
    "track",
    "kind",
    "level",
    "stage",
    "outcome",
    "title",
    "code",
    "channel",
    "provider",
    "member",
)
"""Columns of which each distinct text is kept once."""
IN_WORDS = ("clock", "kind", "stage", "outcome")
"""Those of them whose values the page shows in words."""
Array = NDArray[Any]
_AS_GZIP = 31
"""Size of the window that asks zlib for the frame of gzip, which names no time and no file."""
_SYSTEM_AT, _NO_SYSTEM = 9, b"\xff"
"""The byte in which gzip names the system that packed, and its word for none: Pythons differ there."""


class Packed(NamedTuple):
    """The two blocks of a timeline, each gzip."""

    first: bytes
    """Times, lanes, levels, titles, codes: all that the picture needs."""
    rest: bytes
    """The texts: fields of events, messages of log lines."""


def pack_timeline(timeline: pl.DataFrame, *, zone: str | None = None) -> Packed:
    """Return a timeline as two blocks for the browser.

    Args:
        timeline: What `build_timeline` returned; undated rows stand at its end.
        zone: IANA name of the device's time zone, where it is known.
    """
    dated = timeline.height - timeline["at"].null_count()
    codes = {name: _coded(timeline[name]) for name in CODED}
    head = {
        "rows": timeline.height,
        "dated": dated,
        "zone": zone or "",
        "columns": Occurrence.column_names(),
        "levels": LEVELS,
        "lanes": _lanes(),
        "idle": IDLE // timedelta(microseconds=1),
        "lists": {name: texts for name, (_, texts) in codes.items()},
        "end_open": wording.END_OPEN,
        "names": {text: wording.words(text) for name in IN_WORDS for text in codes[name][1]},
        "meanings": _meanings(timeline),
    }
    arrays = {name: numbers for name, (numbers, _) in codes.items()} | _numbers(timeline, dated)
    numbers, texts = _coded(timeline["text"])
    return Packed(_block(head, arrays), _block({"lists": {"text": texts}}, {"text": numbers}))


def _lanes() -> dict[str, str]:
    """Return the lanes that are drawn, from top to bottom: errors of all logs stand above the records."""
    *lanes, records = LANE_NAMES.items()
    return dict([*lanes, (ERRORS, "Errors"), records])


def _coded(column: pl.Series) -> tuple[Array, list[str]]:
    """Return the place of each row's text in the list of distinct texts, and that list."""
    texts = column.cast(pl.String).fill_null("").to_frame("text")
    distinct = texts.unique(maintain_order=True).with_row_index("place")
    places = texts.join(distinct, on="text", how="left", maintain_order="left")["place"].to_numpy()
    width = (
        np.uint8 if distinct.height <= 2**8 else np.uint16 if distinct.height <= TWO_BYTES_NAME else np.uint32
    )
    return places.astype(width), distinct["text"].to_list()


def _meanings(timeline: pl.DataFrame) -> dict[str, str]:
    """Return what each code means in each stage it arose in, symbol first, where that is known.

    The key is the code and, behind a space, the stage where a row tells one.
    """
    coded = timeline.filter(pl.col("code").is_not_null()).select("code", pl.col("stage").cast(pl.String))
    known = {
        (code, stage): explain(code, stage=stage) for code, stage in coded.unique(maintain_order=True).rows()
    }
    meanings = {
        f"{code} {stage or ''}".rstrip(): wording.MEANS.join(filter(None, (each.symbol, each.meaning)))
        for (code, stage), each in known.items()
    }
    return {key: text for key, text in meanings.items() if text}


def _microseconds(column: pl.Series) -> Array:
    return column.dt.epoch("us").cast(pl.Float64).to_numpy()


def _numbers(timeline: pl.DataFrame, dated: int) -> dict[str, Array]:
    """Return the columns of numbers; instants as differences, and what few rows have with their rows."""
    at = _microseconds(timeline["at"])[:dated]
    rows = timeline.with_row_index("row")
    spans = rows.filter(pl.col("ended_at").is_not_null())
    moved = rows.filter(pl.col("kind") == EVENT, pl.col("recorded_at").ne_missing(pl.col("at")))
    local = rows.filter(pl.col("written_at").is_not_null())
    proofs = rows.select("row", "findings").explode("findings").drop_nulls()
    own = {
        "at": np.diff(at, prepend=0.0) if dated else at,
        "open": timeline["open"].cast(pl.UInt8).to_numpy(),
        "dim": timeline["dim"].cast(pl.UInt8).to_numpy(),
        "attempt": timeline["attempt"].fill_null(0).cast(pl.UInt16).to_numpy(),
        "event_id": timeline["event_id"].fill_null(NO_EVENT_ID).cast(pl.UInt32).to_numpy(),
        "record": timeline["record"].cast(pl.Float64).to_numpy(),
    }
    few = {
        "span_row": spans["row"].to_numpy(),
        "span_end": _microseconds(spans["ended_at"]),
        "moved_row": moved["row"].to_numpy(),
        "moved_at": _microseconds(moved["recorded_at"]),
        "local_row": local["row"].to_numpy(),
        "local_at": _microseconds(local["written_at"]),
        "proof_row": proofs["row"].to_numpy(),
        "proof_of": proofs["findings"].cast(pl.UInt32).to_numpy(),
    }
    return own | few


def _block(head: Mapping[str, object], arrays: Mapping[str, Array]) -> bytes:
    """Return head and arrays as one gzip block; the same content gives the same bytes."""
    places: dict[str, tuple[str, int, int]] = {}
    parts: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        content = np.ascontiguousarray(array).tobytes()
        content += bytes(-len(content) % 8)
        places[name] = (f"{array.dtype.kind}{array.dtype.itemsize}", offset, array.size)
        offset += len(content)
        parts.append(content)
    words = msgspec.json.encode({**head, "arrays": places})
    words += b" " * (-(len(words) + 4) % 8)
    packer = zlib.compressobj(6, wbits=_AS_GZIP)  # part by part: millions of signs are not copied
    packed = b"".join(packer.compress(part) for part in (len(words).to_bytes(4, "little"), words, *parts))
    packed += packer.flush()
    return packed[:_SYSTEM_AT] + _NO_SYSTEM + packed[_SYSTEM_AT + 1 :]


def as_text(block: bytes) -> str:
    """Return a block as base64, the form in which it lies in a page."""
    return base64.b64encode(block).decode("ascii")
