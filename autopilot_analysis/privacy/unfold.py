"""What a text is wrapped in is undone, and done again: JSON in JSON, URLs, HTML, hex, Base64, UTF-16."""

from __future__ import annotations

import base64
import binascii
import html
import re
import string
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, unquote

import polars as pl

DEPTH = 4
"""How many wrappings are undone, one inside another."""

SHORTEST = 4
"""Fewer signs in bytes are chance, not text."""

JSON = r"^\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])"
"""How JSON begins; a line of a log that begins with the name of a component in brackets is none."""

Rewriter = Callable[[pl.Series], pl.Series]


class Coding(NamedTuple):
    """One way to wrap a text: how a run of it looks, what it holds, and the same run with other content."""

    sign: str
    """What every run holds, or nothing: it is looked for first, as a shape is costly to compile."""
    shape: str
    decode: Callable[[str], str | None]
    encode: Callable[[str, str], str]


NO_RUNS = pl.DataFrame(schema={"row": pl.UInt32, "run": pl.String, "text": pl.String})
"""Where a text holds no run of a coding."""


def unfold(texts: pl.Series) -> pl.DataFrame:
    """Return the texts and all that is wrapped in them: row (place in `texts`) and text, one row a reading.

    Args:
        texts: What is read, without nulls.
    """
    layer = pl.DataFrame({"row": pl.arange(texts.len(), dtype=pl.UInt32, eager=True), "text": texts})
    layers = [layer]
    for _ in range(DEPTH):
        layer = pl.concat([_unescaped(layer), *(_inner(layer, coding) for coding in CODINGS)]).unique(
            maintain_order=True
        )
        if layer.is_empty():
            break
        layers.append(layer)
    return pl.concat(layers)


def recode(texts: pl.Series, rewrite: Rewriter) -> pl.Series:
    """Return the texts with what is wrapped in them rewritten and wrapped again, each run in its own way.

    Args:
        texts: What is rewritten.
        rewrite: Takes the contents of runs and returns them rewritten, in the same order.
    """
    for coding in CODINGS:
        frame = pl.DataFrame({"row": pl.arange(texts.len(), dtype=pl.UInt32, eager=True), "text": texts})
        runs = _runs(frame, coding)["run", "text"].unique(maintain_order=True)
        if runs.is_empty():
            continue
        runs = runs.with_columns(rewrite(runs["text"]).alias("after"))
        runs = runs.filter(pl.col("after") != pl.col("text"))
        changed = {run: coding.encode(run, after) for run, after in runs.select("run", "after").rows()}
        texts = _exchanged(texts, changed)
    return texts


def _exchanged(texts: pl.Series, changed: dict[str, str]) -> pl.Series:
    if not changed:
        return texts
    runs = sorted(changed, key=len, reverse=True)
    return texts.str.replace_many(runs, [changed[run] for run in runs], leftmost=True)


def _runs(frame: pl.DataFrame, coding: Coding) -> pl.DataFrame:
    """Return row, run and text: every run of a coding that holds something legible."""
    near = frame.filter(pl.col("text").str.contains(coding.sign, literal=True))
    if near.is_empty():
        return NO_RUNS
    hits = near.filter(pl.col("text").str.contains(coding.shape))
    found = hits.select("row", run=pl.col("text").str.extract_all(coding.shape)).explode("run").drop_nulls()
    runs = found["run"].unique(maintain_order=True)
    inner = [coding.decode(run) for run in runs]
    held = pl.DataFrame({"run": runs, "text": pl.Series(inner, dtype=pl.String)}).drop_nulls()
    return found.join(held.filter(pl.col("run") != pl.col("text")), on="run", maintain_order="left")


def _inner(frame: pl.DataFrame, coding: Coding) -> pl.DataFrame:
    return _runs(frame, coding).select("row", "text")


def _unescaped(frame: pl.DataFrame) -> pl.DataFrame:
    r"""Return JSON with one level of escapes undone: \" becomes a quote, \n a line end, \\ one backslash."""
    text = pl.col("text")
    inside = text.str.contains(r"^\s*[{\[]") & text.str.contains(r'\\["\\/nrt]') | text.str.contains(r'\\"')
    plain = text.str.replace_all(r"\\", BACKSLASH, literal=True).str.replace_all('\\"', '"', literal=True)
    for sign, meant in (("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ("\\/", "/"), (BACKSLASH, "\\")):
        plain = plain.str.replace_all(sign, meant, literal=True)
    return frame.filter(inside).with_columns(plain)


BACKSLASH = "\ue0f1"
"""A private sign that holds the place of an escaped backslash."""


def _legible(raw: bytes) -> tuple[str, str] | None:
    """Return bytes as text and the codec they were in, or None when they are no text."""
    codec = "utf-16-le" if raw[1:2] == b"\0" and len(raw) % 2 == 0 else "utf-8"
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return None
    plain = text.replace("\0", "")
    legible = len(plain) >= SHORTEST and all(sign.isprintable() or sign in "\r\n\t" for sign in plain)
    return (text, codec) if legible else None


def _codec(raw: bytes) -> str:
    found = _legible(raw)
    return found[1] if found else "utf-8"


def _hex_bytes(run: str) -> bytes:
    digits = re.sub(r"[^0-9A-Fa-f]", "", run)
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _from_hex(run: str) -> str | None:
    found = _legible(_hex_bytes(run))
    return found[0] if found else None


def _to_hex(run: str, text: str) -> str:
    separator = run[2] if run[2] in " ,:-" else ""
    digits = separator.join(f"{byte:02x}" for byte in text.encode(_codec(_hex_bytes(run))))
    return digits.upper() if re.search(r"[A-F]", run) else digits


def _base64_bytes(run: str) -> bytes:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def _from_base64(run: str) -> str | None:
    found = _legible(_base64_bytes(run))
    return found[0] if found else None


def _to_base64(run: str, text: str) -> str:
    whole = base64.b64encode(text.encode(_codec(_base64_bytes(run)))).decode()
    whole = whole.translate(str.maketrans("+/", "-_")) if re.search(r"[-_]", run) else whole
    return whole if run.endswith("=") or len(run) % 4 == 0 else whole.rstrip("=")


def _from_percent(run: str) -> str | None:
    try:
        return unquote(run, errors="strict")
    except UnicodeDecodeError:
        return None


def _to_percent(run: str, text: str) -> str:
    left = set(re.sub(r"%[0-9A-Fa-f]{2}", "", run)) & set(string.punctuation)
    out = quote(text, safe="".join(left))
    lower = re.search(r"%(?:[a-f]|\d[a-f])", run)
    return re.sub(r"%..", lambda found: found[0].lower(), out) if lower else out


def _to_signs(escape: str, undo: Callable[[str], str]) -> Callable[[str, str], str]:
    """Return what writes again, as they were written, the signs that a run held escaped."""

    def encode(run: str, text: str) -> str:
        written = {undo(found): found for found in re.findall(escape, run)}
        return "".join(written.get(sign, sign) for sign in text)

    return encode


def _from_unicode(run: str) -> str:
    return re.sub(r"(?<!\\)\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), run)


def _legible_signs(run: str) -> str | None:
    text = _from_unicode(run)
    return None if re.search(r"[\ud800-\udfff]", text) else text


UNICODE = r"\\+u[0-9a-fA-F]{4}"
ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,8});"
PART = r"[^\s\"'<>\\&=/?#;]"
"""What one part of a web address is made of."""
AROUND = r"[\p{L}\p{N}.@ _-]{0,60}"

HEX = r"[0-9A-Fa-f]{16,}|" + "|".join(
    rf"\b[0-9A-Fa-f]{{2}}(?:{separator}[0-9A-Fa-f]{{2}}){{7,}}\b" for separator in " ,:-"
)

CODINGS = (
    Coding("%", rf"{PART}*%[0-9A-Fa-f]{{2}}{PART}*", _from_percent, _to_percent),
    Coding("&", f"(?:{AROUND}{ENTITY})+{AROUND}", html.unescape, _to_signs(ENTITY, html.unescape)),
    Coding(r"\u", f"(?:{AROUND}{UNICODE})+{AROUND}", _legible_signs, _to_signs(UNICODE, _from_unicode)),
    Coding("", HEX, _from_hex, _to_hex),
    Coding("", r"[A-Za-z0-9+/_-]{12,}={0,2}", _from_base64, _to_base64),
    Coding(
        "\0", r"(?:[^\x00]\x00){4,}", lambda run: run[::2], lambda _, text: "".join(f"{s}\0" for s in text)
    ),
)
"""Every wrapping that is undone and done again."""
