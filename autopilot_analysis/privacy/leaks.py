"""Looks for originals in what was written: every file, every encoding, and inside Parquet, ZIP and gzip."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

import polars as pl

from autopilot_analysis.privacy.spellings import DOTTED, encoded, is_word, written

LEAK = {"file": pl.String, "place": pl.String, "original": pl.String, "count": pl.Int64}
PIECE = 4_000_000
"""Signs searched at a time; pieces overlap by more than any original is long."""
OVERLAP = 24_000
UNPACKED = 2_000_000_000
"""Bytes that compressed content may grow to before the check gives up and calls it a leak."""
JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def find_leaks(written_to: str | Path | bytes, originals: Iterable[str]) -> pl.DataFrame:
    """Return where originals can still be found: file, place, original, count; no row means none.

    Args:
        written_to: A folder (searched with all below it), a file, or bytes.
        originals: What must not be there, in any letter case.

    Returns:
        One row a file, place and original. The place is the encoding, or a Parquet column. The frame holds
        originals, so it stays with the analyst.
    """
    hunted = _Hunted(originals)
    rows: list[tuple[str, str, str, int]] = []
    for file, content in _files(written_to):
        rows += [(file, "name", original, n) for original, n in hunted.text(Path(file).name)]
        for place, text in _views(content):
            rows += [(file, place, original, n) for original, n in hunted.text(text)]
    leaks = pl.DataFrame(rows, schema=LEAK, orient="row")
    return (
        leaks.group_by("file", "place", "original")
        .agg(pl.col("count").sum())
        .sort("file", "place", "original")
    )


class _Hunted:
    """Originals with all their spellings, ready to be searched for in one pass."""

    def __init__(self, originals: Iterable[str]) -> None:
        self.forms: dict[str, str] = {}
        for original in {text for text in originals if text}:
            for form in (*written(original), *encoded(original)):
                self.forms.setdefault(_lower(form), original)
        self.patterns = sorted(self.forms, key=len, reverse=True)

    def text(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield the originals a text holds and how often, counting short ones only where they stand alone."""
        if not self.patterns or not text:
            return
        found: dict[str, int] = {}
        for start in range(0, len(text), PIECE):
            piece = text[max(0, start - OVERLAP) : start + PIECE].lower()
            hits = pl.Series([piece]).str.extract_many(
                self.patterns, ascii_case_insensitive=True, overlapping=True
            )
            for form in hits.explode().drop_nulls().unique().to_list():
                count = self._count(piece, form.lower())
                if count:
                    original = self.forms[_lower(form)]
                    found[original] = found.get(original, 0) + count
        yield from found.items()

    def _count(self, piece: str, form: str) -> int:
        original = self.forms[_lower(form)]
        if not is_word(original):
            return piece.count(form)
        edge = r"[\d.]" if DOTTED.match(original) else r"[^\W_]"
        return len(re.findall(rf"(?<!{edge}){re.escape(form)}(?!{edge})", piece))


def _lower(text: str) -> str:
    return text.lower()


def _files(written_to: str | Path | bytes) -> Iterator[tuple[str, bytes]]:
    if isinstance(written_to, bytes):
        yield "", written_to
        return
    root = Path(written_to)
    if root.is_file():
        yield root.name, root.read_bytes()
        return
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        yield name, path.read_bytes() if path.is_file() else b""


def _views(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the readings of some content: plain, unescaped, two-byte, unpacked."""
    plain = content.decode("utf-8", "replace")
    yield "UTF-8", plain
    if "&" in plain:
        yield "HTML", html.unescape(plain)
    if "%" in plain:
        yield "URL", unquote(plain)
    if "\\u" in plain:
        yield "JSON", JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), plain)
    if b"\0" in content:
        for codec in ("utf-16-le", "utf-16-be"):
            for offset in (0, 1):
                yield codec, content[offset:].decode(codec, "replace")
    yield from _unpacked(content)


def _unpacked(content: bytes) -> Iterator[tuple[str, str]]:
    if content[:4] == b"PAR1":
        yield from _parquet(content)
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
                raise ValueError("unpacks to more than can be searched")
            for entry in archive.infolist():
                yield entry.filename, entry.filename
                yield from (
                    (f"{entry.filename}: {place}", text) for place, text in _views(archive.read(entry))
                )
    elif content[:2] == b"\x1f\x8b":
        yield from _views(gzip.decompress(content))
    elif content[:2] in (b"\x78\x9c", b"\x78\xda", b"\x78\x01"):
        yield from _views(zlib.decompress(content))


def _parquet(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield every column of a Parquet file as text, and what its footer says."""
    frame = pl.read_parquet(io.BytesIO(content))
    footer = {str(name): str(value) for name, value in pl.read_parquet_metadata(io.BytesIO(content)).items()}
    yield "footer", json.dumps([footer, frame.columns], ensure_ascii=False)
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, (pl.List, pl.Struct, pl.Array)):
            column = frame.select(pl.col(name).map_elements(str, return_dtype=pl.String)).to_series()
        elif column.dtype == pl.Binary:
            column = pl.Series(
                [value.decode("utf-8", "replace") for value in column.drop_nulls()], dtype=pl.String
            )
        if column.dtype in (pl.String, pl.Categorical, pl.Enum):
            texts = column.cast(pl.String).drop_nulls().unique()
            text = "\n".join(texts)
            yield f"column {name}", text
            if "\\u" in text:
                yield f"column {name}", JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
            if "&" in text:
                yield f"column {name}", html.unescape(text)
            if "%" in text:
                yield f"column {name}", unquote(text)
