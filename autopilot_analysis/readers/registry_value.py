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

_TEXTS = ["REG_SZ", "REG_EXPAND_SZ", "REG_LINK", "REG_MULTI_SZ"]
_NUMBERS = ["REG_DWORD", "REG_QWORD"]


def kind_of(word: pl.Expr) -> pl.Expr:
    """Return the kind a value's first word announces, null when it is none.

    Args:
        word: Lower-case text before the first colon, or one quote for a string.
    """
    known = word.replace_strict(KINDS, default=None, return_dtype=pl.String)
    numbered = word.str.starts_with("hex(") & word.str.ends_with(")")
    number = word.str.slice(4).str.strip_suffix(")")
    return known.fill_null(pl.when(numbered).then("REG_TYPE_" + number))


def value_of(kind: pl.Expr, body: pl.Expr) -> pl.Expr:
    """Return the text of a value that is not written as bytes: numbers in decimal, all else as it is.

    A body that is not what its kind demands has no text (null).

    Args:
        kind: Its kind, as `kind_of` tells.
        body: What follows the word; strings come without their quotes.
    """
    number = kind.is_in(_NUMBERS)
    return pl.when(number).then(_decimal(pl.when(number).then(body), kind)).otherwise(body)


def value_of_bytes(kind: pl.Expr, body: pl.Expr) -> pl.Expr:
    """Return the text of a value written as bytes in hex: as text or number where its kind says so.

    Binary is lower-case hex, several strings stand on lines; bytes cut short have no text (null).

    Args:
        kind: Its kind, as `kind_of` tells.
        body: What follows the word, such as `0a,ff`.
    """
    text, number = kind.is_in(_TEXTS), kind.is_in(_NUMBERS)
    ended = ~body.str.ends_with(",")  # a comma at the end: the rest of the bytes is missing
    digits = pl.when(ended).then(body.str.strip_chars()).str.replace_all(",", "", literal=True)
    content = digits.str.decode("hex", strict=False)
    return (
        pl.when(text)
        .then(pl.when(text).then(content).map_elements(_text, return_dtype=pl.String))
        .when(number)
        .then(pl.when(number).then(content).map_elements(_number, return_dtype=pl.String))
        .otherwise(content.bin.encode("hex"))
    )


def _decimal(body: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """Return the hexadecimal digits behind `dword:` and `qword:` as a decimal number."""
    digits = body.str.strip_chars_end()
    width = pl.when(kind == "REG_DWORD").then(8).otherwise(16)
    whole = digits.str.len_bytes().is_between(1, width) & digits.str.contains("^[0-9A-Fa-f]")
    return pl.when(whole).then(digits.str.to_integer(base=16, dtype=pl.UInt64, strict=False)).cast(pl.String)


def _text(content: bytes) -> str:
    """Return UTF-16LE bytes as text: several strings on lines, no closing NULs."""
    return content.decode("utf-16-le", errors="replace").rstrip("\0").replace("\0", "\n")


def _number(content: bytes) -> str | None:
    """Return up to eight bytes, least first, as a decimal number; None for any other count."""
    return str(int.from_bytes(content, "little")) if 0 < len(content) <= 8 else None
