"""How one original can be written: escaped, encoded, in another case; and when it is one word or nothing."""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, quote_plus

DOTTED = re.compile(r"\d{1,10}(?:\.\d{1,10})+\Z")
SEPARATORS = (" ", ",", "-")
SHORT, SHORT_WORD, SHORT_NUMBER = 6, 8, 12
"""Signs below which an original, one of letters and one of digits, count only where they stand alone."""
ENCODABLE = 128
"""Longer originals (hardware hashes, tokens) are encoded text themselves and not encoded once more."""
REMEMBERED = 4_096
"""Originals whose encodings are kept: every table, and every wrapping in it, asks for those of the same."""


def is_word(original: str) -> bool:
    """Whether an original counts only where it stands alone: short words, short numbers, IPv4 addresses."""
    short = len(original) < SHORT or (original.isalpha() and len(original) < SHORT_WORD)
    return short or (original.isdigit() and len(original) < SHORT_NUMBER) or bool(DOTTED.match(original))


def written(original: str) -> set[str]:
    """Return the ways an original stands in text: in Unicode's two forms, escaped for JSON, HTML, URLs."""
    forms = {original, unicodedata.normalize("NFC", original), unicodedata.normalize("NFD", original)}
    if not original.isascii():
        forms |= {form.lower() for form in forms} | {form.upper() for form in forms} | {original.casefold()}
    out = set(forms)
    for form in forms:
        inner = json.dumps(form, ensure_ascii=False)[1:-1]
        out |= {inner, json.dumps(form)[1:-1], json.dumps(inner, ensure_ascii=False)[1:-1]}
        out |= {
            html.escape(form),
            html.escape(form, quote=False),
            html.escape(form).replace("&#x27;", "&apos;"),
        }
        out |= {
            quote(form, safe="", errors="replace"),
            quote(form, errors="replace"),
            quote_plus(form, errors="replace"),
        }
    return out


@lru_cache(maxsize=REMEMBERED)
def encoded(original: str) -> frozenset[str]:
    """Return the ways an original hides in binary text: hex, with and without separators, and Base64.

    Each is of ASCII alone and has ten signs or more.
    """
    if is_word(original) or len(original) > ENCODABLE:
        return frozenset()
    out: set[str] = set()
    for codec in ("utf-8", "utf-16-le"):
        for form in {original, original.lower(), original.upper()}:
            raw = form.encode(codec, "surrogatepass")
            pairs = [f"{byte:02x}" for byte in raw]
            out |= {"".join(pairs)} | {separator.join(pairs) for separator in SEPARATORS}
            out |= _base64(raw)
    return frozenset(out)


def _base64(raw: bytes) -> set[str]:
    """Return the part of the Base64 text that stays the same wherever the bytes lie in a longer run."""
    out = set()
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + raw).decode()
        first = (0, 2, 3)[offset]
        last = (offset + len(raw)) * 8 // 6
        inner = text[first:last]
        if len(inner) >= 10:
            out |= {inner, inner.replace("+", "-").replace("/", "_")}
    return out
