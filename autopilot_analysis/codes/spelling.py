"""The only maker of a result code: one spelling for every way in which logs, reports and people write it.

The canonical spelling is that of `spell`; the tables of facts name codes so too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Literal, TypeAlias, overload

import polars as pl

Origin: TypeAlias = Literal["text", "result", "failure", "exit"]
"""What a code is made of: prose, a field that holds a result, such a field where zero is no answer, or a
process's exit code."""
_FAMILIES = (
    "8000|8003|8004|8007|8008|8009|800b|8018|8019|801c|8020|8024|8028|8029|80cf|80d0|8103|82aa|"
    "87d[013]|8a15|c000|c004|c00c|c103|caa[1-9]"
)
_SMALL_FAMILIES = "0018|0020|0024|0a15|4029|0fff"
# Decimal spellings of 0x80000000-0x8FFFFFFF and 0xC0000000-0xCFFFFFFF, unsigned and signed.
_DECIMALS = (
    r"(?:214[7-9]|21[5-9]N|2[23]NN|240N|241[0-5]|322[1-9]|32[3-9]N|33NN|34[0-8]N)N{6}|"
    r"[-−](?:1879|18[89]N|19NN|20NN|21[0-3]N|214[0-7]|10[0-6]N|107[0-3]|80[5-9]|8[1-9]N|9NN)N{6}"
).replace("N", "[0-9]")
_END = r"(?:[^0-9a-z]|$)"
_WHOLE = re.compile(
    r"(?i)^\s*(?:0x){1,2}(?:f{8}|0{8})?([0-9a-f]{1,8})l?\s*$|^\s*([8c][0-9a-f]{7})\s*$", re.ASCII
)
# Inside text: 0x and eight digits (a ninth one, a doubled zero, is dropped), eight bare digits of a known
# family, or a decimal. GUID parts are kept out by the hyphen that follows them.
_INSIDE = re.compile(
    r"(?i)(?:^|[^0-9a-z])(?:"
    rf"(?:0x){{1,2}}(?:f{{8}}|0{{8}})?([8cd][0-9a-f]{{3}}|{_SMALL_FAMILIES})0?([0-9a-f]{{4}})l?{_END}|"
    rf"({_FAMILIES})([0-9a-f]{{4}})(?:[^0-9a-z-]|$)|"
    rf"({_DECIMALS}){_END})",
    re.ASCII,
)
NUMBER = re.compile(r"^\s*([-−]?[0-9]{1,10})(?:\.0)?\s*$", re.ASCII)
AADSTS = r"AADSTS[0-9]{4,7}"
"""How Entra names one of its errors."""
UNSIGNED = 1 << 32


def spell(number: int) -> str:
    """Return a number as a code is spelt.

    Args:
        number: Of 32 bits, signed or not.

    Example:
        >>> spell(-2145910764)
        '0x80180014'
    """
    return spell_digits(f"{number % UNSIGNED:08x}")


def spell_digits(digits: str) -> str:
    """Return hex digits as a code, or the beginning of one, is spelt.

    Args:
        digits: In any case.
    """
    return f"0x{digits.upper()}"


ZERO = spell(0)


def spellings_of(code: str) -> tuple[str, ...]:
    """Return every way in which logs write a code of 32 bits: hex, unsigned and signed decimal.

    Args:
        code: As `code_of` spells it.

    Example:
        >>> spellings_of("0x80180014")
        ('0x80180014', '2149056532', '-2145910764')
    """
    number = int(code, 16)
    signed = number - UNSIGNED if number >= UNSIGNED // 2 else number
    return tuple(dict.fromkeys((code, str(number), str(signed))))


@overload
def code_of(value: pl.Series, origin: Origin = "text") -> pl.Series: ...
@overload
def code_of(value: pl.Expr, origin: Origin = "text") -> pl.Expr: ...
@overload
def code_of(value: str | int | None, origin: Origin = "text") -> str | None: ...
def code_of(
    value: pl.Expr | pl.Series | str | int | None, origin: Origin = "text"
) -> pl.Expr | pl.Series | str | None:
    """Return the result code of a text, a number or a column as "0x" and eight upper-case hex digits.

    The only maker of a code. Hex with or without "0x" (in capitals, doubled, carried into 64 bits by zeros or
    by its sign, or with a ninth digit by misprint), signed and unsigned decimals, alone or inside words.

    Args:
        value: Text, an integer, or a column of either; a column gives a column.
        origin: Where it stands. In "text" a small number such as 1603 is no code; a "result" field holds one
            whatever its size, and so does a "failure" field, where zero says nothing; an "exit" code up to
            65,535 is an error of Win32, larger ones are codes themselves.

    Returns:
        The first code, None (null) where there is none.

    Example:
        >>> code_of("failed with (0X80070774)"), code_of(-2145910764), code_of("1603")
        ('0x80070774', '0x80180014', None)
        >>> code_of(1603, "exit"), code_of("5", "result"), code_of("0", "failure")
        ('0x80070643', '0x00000005', None)
    """
    if isinstance(value, pl.Series):
        return value.to_frame().select(code_of(pl.col(value.name), origin)).to_series()
    if isinstance(value, pl.Expr):
        return _column(value, origin)
    return None if value is None else _one(str(value), origin)


def _one(spelt: str, origin: Origin) -> str | None:
    whole = _WHOLE.match(spelt)
    number = None if origin == "text" else NUMBER.match(spelt)
    if number and not (whole and whole[2]):
        value = int(number[1].replace("−", "-"))
        if not -(1 << 31) <= value < UNSIGNED:
            return None
        code = spell(value)
    elif whole:
        code = spell(int(whole[1] or whole[2], 16))
    else:
        return next(_codes_inside(spelt), None) if origin == "text" else None
    if origin == "exit" and code.startswith("0x0000") and code != ZERO:
        return f"0x8007{code[6:]}"
    return None if origin == "failure" and code == ZERO else code


def find_codes(text: str) -> list[str]:
    """Return every distinct code inside free text, in order of appearance.

    Example:
        >>> find_codes("0x80070002, then -2145910764 (0x80180014)")
        ['0x80070002', '0x80180014']
    """
    return list(dict.fromkeys(_codes_inside(text)))


def _codes_inside(text: str) -> Iterator[str]:
    """Yield the codes inside text; the character after one code may be the one before the next."""
    match = _INSIDE.search(text)
    while match:
        group = match.lastindex or 0
        if group == 5:
            yield spell(int(match[5].replace("−", "-")))
        else:
            yield spell_digits(f"{match[group - 1]}{match[group]}")
        match = _INSIDE.search(text, match.end(group))


def _column(column: pl.Expr, origin: Origin) -> pl.Expr:
    return column.cast(pl.String).map_batches(
        partial(_each, origin=origin), return_dtype=pl.String, is_elementwise=True
    )


def _each(texts: pl.Series, origin: Origin) -> pl.Series:
    """Return the code of each text; few of a column differ, and each spelling is read once."""
    distinct = texts.drop_nulls().unique()
    if distinct.is_empty():
        return texts
    codes = [_one(text, origin) for text in distinct]
    return texts.replace_strict(
        distinct, pl.Series(codes, dtype=pl.String), default=None, return_dtype=pl.String
    )
