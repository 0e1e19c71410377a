"""What stands behind the equals sign of a registry text -> the value's kind and its text."""

from __future__ import annotations

import polars as pl

DELETED = "REG_DELETED"
"""Kind of a row that removes a key or a value instead of setting one."""

KINDS = {
    '"': "REG_SZ",
    "-": DELETED,
    "dword": "REG_DWORD",
    "qword": "REG_QWORD",
    "multi_sz": "REG_MULTI_SZ",
    "hex": "REG_BINARY",
    "hex(0)": "REG_NONE",
    "hex(1)": "REG_SZ",
    "hex(2)": "REG_EXPAND_SZ",
    "hex(3)": "REG_BINARY",
    "hex(4)": "REG_DWORD",
    "hex(5)": "REG_DWORD_BIG_ENDIAN",
    "hex(6)": "REG_LINK",
    "hex(7)": "REG_MULTI_SZ",
    "hex(8)": "REG_RESOURCE_LIST",
    "hex(9)": "REG_FULL_RESOURCE_DESCRIPTOR",
    "hex(a)": "REG_RESOURCE_REQUIREMENTS_LIST",
    "hex(b)": "REG_QWORD",
}
"""Kinds by the word a value begins with; the numbers are the registry value types of winnt.h."""

_TEXTS = ("REG_SZ", "REG_EXPAND_SZ", "REG_LINK", "REG_MULTI_SZ")
_NUMBERS = ("REG_DWORD", "REG_QWORD")


def kinds_of(words: pl.Series) -> pl.Series:
    """Return the kinds that the first words of values announce, null where a word is none.

    Args:
        words: Lower-case text before the first colon, or one quote for a string.
    """
    kinds = {word: kind for word in words.unique().drop_nulls() if (kind := _kind(word))}
    return words.replace_strict(kinds, default=None, return_dtype=pl.String)


def _kind(word: str) -> str | None:
    """Return the kind of one word; a type that winnt.h does not name keeps its number."""
    numbered = word.startswith("hex(") and word.endswith(")")
    return KINDS.get(word) or (f"REG_TYPE_{word[4:-1]}" if numbered else None)


def number_of(word: pl.Expr, body: pl.Expr) -> pl.Expr:
    """Return the hexadecimal digits behind `dword:` and `qword:` as decimal numbers, null for other text.

    Args:
        word: `dword` or `qword`.
        body: What follows the colon, such as `0000000a`.
    """
    digits = body.str.strip_chars_end()
    width = pl.when(word == "dword").then(8).otherwise(16)
    whole = digits.str.len_bytes().is_between(1, width) & ~digits.str.starts_with("+")
    return pl.when(whole).then(digits.str.to_integer(base=16, dtype=pl.UInt64, strict=False)).cast(pl.String)


def texts_of_bytes(kinds: pl.Series, bodies: pl.Series) -> pl.Series:
    """Return values written as bytes in hex: as text or as number where the kind says so, else in hex.

    Bytes cut short and digits that do not come in pairs have no text (null).

    Args:
        kinds: As `kinds_of` tells.
        bodies: What follows the word, such as `0a,ff`.
    """
    values = zip(kinds.to_list(), bodies.to_list(), strict=True)
    return pl.Series([_text(kind, body) for kind, body in values], dtype=pl.String)


def _text(kind: str, body: str) -> str | None:
    """Return one value: binary in lower-case hex, several strings on lines, a number of up to eight bytes."""
    if body.rstrip().endswith(","):  # the rest of the bytes is missing
        return None
    try:
        content = bytes.fromhex(body.replace(",", " "))
    except ValueError:
        return None
    if kind in _TEXTS:
        return content.decode("utf-16-le", errors="replace").rstrip("\0").replace("\0", "\n")
    if kind in _NUMBERS:
        return str(int.from_bytes(content, "little")) if 0 < len(content) <= 8 else None
    return content.hex()
