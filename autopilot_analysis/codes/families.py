"""The rows of a code, and what its family's rule tells where there is none.

Rules: SyncML, HTTP, WinHTTP, Win32, and the names of Windows' own headers.
"""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import TypeAlias

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes.code import Code
from autopilot_analysis.facts import read_facts

Row: TypeAlias = dict[str, str | None]
ANSWERED = (200, 400)
"""HTTP statuses by which a server answers without an error, up to and without the second."""
NO_MEANING = "Unknown {family} code, facility {facility}"
"""What a code means of which no table and no rule of its family knows more,"""
NO_SIGN_IN, NO_CODE = "Unknown Entra sign-in error", "Not a code of any known family"
"""an error of Entra's sign-in of which no table does, and a word that is no code."""
LOOK_AT_ANSWER = (
    "Look at what answers at the service's address from the device's network: a proxy, a load balancer or a "
    "sign-in page in its place, or a server that sends an empty or unreadable answer"
)


@cache
def names_in_words() -> dict[str, str]:
    """Return how texts of facts name a stage or a scenario, `{desktop}`, `{Desktop}` -> how it reads."""
    names = {*read_facts("stages")["stage"].drop_nulls(), *wording.NAMES}
    return {f"{{{name}}}": wording.words(name) for name in sorted(names)} | {
        f"{{{name.capitalize()}}}": wording.heading(name) for name in sorted(names)
    }


@cache
def _all_rows() -> dict[str, list[Row]]:
    """Return the rows of codes.csv under their code, in rank order, with stages and scenarios in words.

    A row names a family only where it is another than that of its number.
    """
    texts = pl.col("meaning", "remedy").str.replace_many(names_in_words())
    table = read_facts("codes").with_columns(texts).sort("code", pl.col("rank").cast(pl.Int64))
    rows: dict[str, list[Row]] = {}
    for row in table.iter_rows(named=True):
        of_number = family_of(row["code"])["family"]
        rows.setdefault(row["code"], []).append(row | {"family": row["family"] or of_number})
    return rows


def rows_of(code: str) -> list[Row]:
    """Return what facts/codes.csv says of a code, in rank order.

    Args:
        code: As `code_of` spells it.
    """
    return _all_rows().get(code, [])


@cache
def _families() -> dict[str, Row]:
    """Return the rows of code_families.csv under their prefix of hex digits."""
    return {row["prefix"]: row for row in read_facts("code_families").iter_rows(named=True)}


def family_of(code: str) -> Row:
    """Return the family with the longest prefix of the code's digits, or one named after its facility."""
    families = _families()
    for length in range(8, 0, -1):
        if row := families.get(code[2 : 2 + length]):
            return row
    return {
        "family": "HRESULT",
        "decode": "header",
        "stage": None,
        "page": None,
    }


def facility_of(code: str) -> int | None:
    """Return the facility number: 11 bits of an HRESULT, 12 of an NTSTATUS."""
    value = int(code, 16)
    return (value >> 16) & (0xFFF if value >> 28 in (0xC, 0xD) else 0x7FF)


def compute(code: str, spelt: str) -> Code:
    """Return a code that no table names, decoded by its family's rule, or as unknown."""
    family = family_of(code)
    facility = facility_of(code)
    symbol, meaning, certainty = _decode(int(code, 16), family["decode"])
    answered = family["decode"] == "http" and int(code, 16) & 0xFFFF in range(*ANSWERED)
    return Code(
        code=code,
        spelt=spelt,
        family=family["family"] or "",
        facility=facility,
        symbol=symbol,
        meaning=meaning or NO_MEANING.format(family=family["family"], facility=facility),
        causes=(),
        remedy=LOOK_AT_ANSWER if answered and meaning else None,
        page=family["page"] if meaning else None,
        certainty=certainty if meaning else "unknown",
        stage=family["stage"],
    )


def _decode(value: int, rule: str | None) -> tuple[str | None, str | None, str]:
    """Return symbol, meaning and certainty by a family's rule; nothing where the rule has no answer."""
    low = value & 0xFFFF
    if rule == "syncml" and 101 <= low <= 1404:
        return None, f"SyncML {low}: a status the standard list does not name", "computed"
    if rule == "http" and low in {status.value for status in HTTPStatus}:
        return None, _http(low), "computed"
    if rule in ("winhttp", "http") and (rows := rows_of(f"0x8007{low:04X}")) and low >= 0x2E00:
        return rows[0]["symbol"], rows[0]["meaning"], "computed"
    symbol = re.sub(r"^HRESULT_FROM_\w+\(|\)$", "", _windows_name(value)) or None
    if symbol is None:
        return None, None, "unknown"
    words = symbol.removeprefix("ERROR_").removeprefix("STATUS_")
    plain = words.replace("_", " ").capitalize() if words != symbol else f"Windows calls it {symbol}"
    return symbol, plain, "header"


def _http(status: int) -> str:
    """Return what an HTTP status means as a result; one that is no error brought an answer of no use."""
    phrase = f"HTTP {status}: {HTTPStatus(status).phrase.lower()}"
    if status not in range(*ANSWERED):
        return phrase
    led = (
        "the server sent the request elsewhere"
        if status >= HTTPStatus.MULTIPLE_CHOICES
        else "a server answered"
    )
    return f"{phrase}: {led}, and not with an answer that was understood"


def _windows_name(value: int) -> str:
    """Return the name Windows' headers give a value, empty when they give none."""
    from ntstatus import HResult, NtStatus, Win32Error

    if value >> 28 in (0xC, 0xD):
        return str(NtStatus.decode_name(value & ~0x10000000) or HResult.decode_name(value))
    if value >> 16 == 0x8007:
        return str(Win32Error.decode_name(value & 0xFFFF) or HResult.decode_name(value))
    return str(HResult.decode_name(value))
