"""Looks for originals in what was written: every file, every encoding, and inside Parquet, ZIP and gzip."""

from __future__ import annotations

import base64
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
PACKED = "packed bytes"
"""The place of Parquet's raw bytes. Their columns are searched as text; a short word in them is chance."""
HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[ ,:-]?){8,}")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")
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
    hunted = Hunted(originals)
    rows: list[tuple[str, str, str, int]] = []
    waiting: list[tuple[str, str, str]] = []
    for piece in _pieces(written_to):
        waiting.append(piece)
        if sum(len(text) for _, _, text in waiting[-64:]) > PIECE * 8:
            rows += hunted.search(waiting)
            waiting.clear()
    rows += hunted.search(waiting)
    leaks = pl.DataFrame(rows, schema=LEAK, orient="row")
    return (
        leaks.group_by("file", "place", "original")
        .agg(pl.col("count").sum())
        .sort("file", "place", "original")
    )


class Hunted:
    """Originals with all their spellings, ready to be searched for in one pass."""

    def __init__(self, originals: Iterable[str]) -> None:
        self.forms: dict[str, str] = {}
        for original in {text for text in originals if text}:
            for form in (*written(original), *encoded(original)):
                self.forms.setdefault(form.lower(), original)
        self.patterns = sorted(self.forms, key=len, reverse=True)

    def search(self, pieces: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, str, int]]:
        """Yield file, place, original and count, short originals only where they stand alone."""
        if not self.patterns or not pieces:
            return
        frame = pl.DataFrame(pieces, schema=["file", "place", "text"], orient="row")
        hit = frame["text"].str.contains_any(self.patterns, ascii_case_insensitive=True)
        found = frame.filter(hit).with_columns(
            pl.col("text")
            .str.extract_many(self.patterns, ascii_case_insensitive=True, overlapping=True)
            .alias("form")
        )
        for file, place, text, forms in found.iter_rows():
            for form in {each.lower() for each in forms or []}:
                chance = place.startswith(PACKED) and is_word(self.forms[form])
                count = 0 if chance else self._count(text, form)
                if count:
                    yield file, place, self.forms[form], count

    def _count(self, text: str, form: str) -> int:
        original = self.forms[form]
        if not is_word(original):
            return 1
        edge = r"[\d.]" if DOTTED.match(original) else r"[^\W_]"
        return len(re.findall(rf"(?i)(?<!{edge}){re.escape(form)}(?!{edge})", text))


def _pieces(written_to: str | Path | bytes) -> Iterator[tuple[str, str, str]]:
    for file, content in _files(written_to):
        yield file, "name", Path(file).name
        for place, text in _views(content):
            for start in range(0, max(1, len(text)), PIECE):
                yield file, place, text[max(0, start - OVERLAP) : start + PIECE]


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
    packed = f"{PACKED}, " if content[:4] == b"PAR1" else ""
    for place, text in _readings(content.decode("utf-8", "replace")):
        yield packed + (place or "UTF-8"), text
    if b"\0" in content:
        for codec in ("utf-16-le", "utf-16-be"):
            for offset in (0, 1):
                yield packed + codec, content[offset:].decode(codec, "replace")
    yield from _unpacked(content)


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text as it is, and with its escapes, hex and Base64 undone."""
    yield "", text
    if "&" in text:
        yield "HTML", html.unescape(text)
    if "%" in text:
        yield "URL", unquote(text)
    if "\\u" in text:
        yield "JSON", JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    for place, shape, undo in (("hex", HEX, _from_hex), ("Base64", BASE64, _from_base64)):
        runs = [undo(run) for run in dict.fromkeys(shape.findall(text))]
        if runs:
            yield place, "\n".join(raw.decode("utf-8", "replace") for raw in runs)
            yield f"{place}, UTF-16", "\n".join(raw.decode("utf-16-le", "replace") for raw in runs)


def _from_hex(run: str) -> bytes:
    digits = re.sub(r"[^0-9A-Fa-f]", "", run)
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _from_base64(run: str) -> bytes:
    plain = run.replace("-", "+").replace("_", "/")
    plain = plain[:-1] if len(plain) % 4 == 1 else plain
    return base64.b64decode(plain + "=" * (-len(plain) % 4))


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
            column = pl.Series([str(value) for value in column.to_list()], dtype=pl.String)
        elif column.dtype == pl.Binary:
            column = pl.Series(
                [value.decode("utf-8", "replace") for value in column.drop_nulls()], dtype=pl.String
            )
        if column.dtype in (pl.String, pl.Categorical, pl.Enum):
            texts = column.cast(pl.String).drop_nulls().unique()
            for place, text in _readings("\n".join(texts)):
                yield f"column {name}{place and f', {place}'}", text
