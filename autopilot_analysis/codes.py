"""A result code, however it is spelt, told apart by family: symbol, meaning, causes, remedy and page.

The canonical spelling is "0x" and eight upper-case hex digits. Meanings come from `facts/codes.csv`; families
whose low half is itself a number (SyncML, HTTP, WinHTTP, Win32) are computed; `ntstatus` names the rest of
Windows. A code nobody has written down stays unknown and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from typing import Literal, TypeAlias, overload

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts

Row: TypeAlias = dict[str, str | None]
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
_NUMBER = re.compile(r"^\s*([-−]?[0-9]{1,10})(?:\.0)?\s*$", re.ASCII)
AADSTS = r"AADSTS[0-9]{4,7}"
"""How Entra names one of its errors."""
_UNSIGNED = 1 << 32
_ZERO = "0x00000000"
_NAMED = 10
"""How well a row fits whose circumstance the answer names: better than stage and scenario together."""
_INSTALLERS = ("Office Click-to-Run", "PSAppDeployToolkit", "App packages (AppX)")
"""Families of facts/codes.csv whose codes mean the same where an installer ended with them."""
OWN_NUMBERS = (1 - (1 << 16), (1 << 31) - 1)
"""First and last exit code that is a number; what lies beyond, on either side, is a result code itself."""
WINDOWS_INSTALLER = (1601, 1654)
"""First and last exit code that Windows Installer defines (Microsoft: Windows Installer error messages)."""
INSTALLER_BUSY = 1618
"""The exit code by which Windows Installer says that another installation is in progress."""
RESTART_NEEDED = 3010
INSTALLS = "device_setup"
"""The stage whose causes an installer's exit code has: none of enrolment or join."""
ANSWERED = (200, 400)
"""HTTP statuses by which a server answers without an error, up to and without the second."""
LOOK_AT_ANSWER = (
    "Look at what answers at the service's address from the device's network: a proxy, a load balancer or a "
    "sign-in page in its place, or a server that sends an empty or unreadable answer"
)


@dataclass(frozen=True)
class Cause:
    """One known reason for a code, from one source."""

    cause: str
    remedy: str | None
    when: str | None
    page: str
    certainty: str


@dataclass(frozen=True)
class Code:
    """What is known of one code.

    `causes` are ranked by how well they fit the stage and scenario asked for. `certainty` is documented,
    header (a name in Windows' own headers), third_party, conflicting (public sources disagree), computed
    (from a family's rule) or unknown.
    """

    code: str
    spelt: str
    family: str
    facility: int | None
    symbol: str | None
    meaning: str
    causes: tuple[Cause, ...]
    remedy: str | None
    page: str | None
    certainty: str
    stage: str | None = None


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
    number = None if origin == "text" else _NUMBER.match(spelt)
    if number and not (whole and whole[2]):
        value = int(number[1].replace("−", "-"))
        if not -(1 << 31) <= value < _UNSIGNED:
            return None
        code = f"0x{value % _UNSIGNED:08X}"
    elif whole:
        code = f"0x{(whole[1] or whole[2]).upper():0>8}"
    else:
        return next(_codes_inside(spelt), None) if origin == "text" else None
    if origin == "exit" and code.startswith("0x0000") and code != _ZERO:
        return f"0x8007{code[6:]}"
    return None if origin == "failure" and code == _ZERO else code


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
            number = int(match[5].replace("−", "-")) % _UNSIGNED
            yield f"0x{number:08X}"
        else:
            yield f"0x{match[group - 1]}{match[group]}".upper().replace("X", "x")
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


def explain(
    code: str | int, *, stage: str | None = None, scenario: str | None = None, answer: str | None = None
) -> Code:
    """Return what is known of a code, its causes ranked for the stage and scenario it was seen in.

    Args:
        code: Any spelling `code_of` reads, or a named code such as "AADSTS50076" or "ZtdDeviceNotFound".
        stage: A stage of `tables.STAGES`.
        scenario: Such as "self_deploying"; spaces and hyphens are read as underscores.
        answer: What stands beside it, above all in the server's own words: words that name a cause
            (facts/answer_words.csv) decide, whatever the scenario.

    Example:
        >>> explain("0x80180014", scenario="self-deploying").remedy
        'Unblock the device in the Autopilot device list, or delete its Intune record'
    """
    spelt = str(code).strip()
    canonical = code_of(spelt)
    if canonical is None:
        return _explain_name(spelt)
    rows = _rows_of(canonical)
    if not rows:
        return _compute(canonical, spelt)
    words = re.sub(r"[\s-]+", "_", scenario.strip().lower()) if scenario else None
    named = _named(canonical, answer) if answer else None
    ranked = sorted(rows, key=lambda row: -_fit(row, stage, words, named))
    causes = [row for row in ranked if row["rank"] != "0"]
    fits = [_fit(row, stage, words, named) for row in causes]
    alone = len(fits) == 1 or fits[0] > fits[1]
    decided = alone and (fits[0] > 0 or (fits[0] == 0 and len(fits) > 1))
    anywhere = (row for row in rows if row["rank"] == "0" or not (row["stage"] or row["scenario"]))
    head = causes[0] if decided else next(anywhere, causes[0])
    return Code(
        code=canonical,
        spelt=spelt,
        family=head["family"] or _family_of(canonical)["family"] or "",
        facility=_facility_of(canonical),
        symbol=head["symbol"],
        meaning=head["meaning"] or "",
        causes=tuple(_cause(row) for row in causes),
        remedy=head["remedy"],
        page=head["page"],
        certainty=head["certainty"] or "unknown",
        stage=head["stage"],
    )


def explain_exit(code: str | int) -> Code:
    """Return what is known of an installer's exit code: those of Windows Installer mean something.

    Args:
        code: The exit code, or the result code that wraps it. A decimal beyond OWN_NUMBERS is a result code
            itself, which a program passed on.

    Example:
        >>> explain_exit(1).meaning
        'The installer ended with exit code 1, a number of its own'
        >>> explain_exit(-2147009295).symbol
        'ERROR_INSTALL_PACKAGE_NOT_FOUND'
    """
    wrapped = code_of(code, "exit") or _ZERO
    ended = _ended_with(code, wrapped)
    own = any(row["family"] in _INSTALLERS for row in _rows_of(wrapped))
    first, last = WINDOWS_INSTALLER
    if own or ended is None or first <= ended <= last or ended == RESTART_NEEDED:
        return explain(wrapped, stage=INSTALLS)
    return Code(
        code=wrapped,
        spelt=str(code),
        family="Installer",
        facility=None,
        symbol=None,
        meaning=f"The installer ended with exit code {ended}, a number of its own",
        causes=(),
        remedy="Read the installer's own log and run its command as the system account; "
        "if that number is no failure, map it in the app's return codes",
        page="Microsoft: Win32 app management",
        certainty="computed",
        stage=INSTALLS,
    )


def _ended_with(code: str | int, wrapped: str) -> int | None:
    """Return the number that a process ended with; None where it is a result code, or that of a success."""
    decimal = _NUMBER.match(str(code))
    number = int(wrapped, 16)
    signed = number - _UNSIGNED if number >> 16 == 0xFFFF else number
    if decimal and not OWN_NUMBERS[0] <= int(decimal[1].replace("−", "-")) <= OWN_NUMBERS[1]:
        return None
    if number >> 16 == 0x8007:
        return number & 0xFFFF
    return signed if signed and OWN_NUMBERS[0] <= signed <= OWN_NUMBERS[1] and not _rows_of(wrapped) else None


def explain_codes(codes: pl.Series) -> pl.DataFrame:
    """Return one row for each code of a column, in its order: code, family, symbol, meaning, stage, page.

    Where no code was found, everything but the spelling given is null.
    """
    names = ("code", "family", "symbol", "meaning", "stage", "page")
    canonical = code_of(codes).fill_null(codes.cast(pl.String)).rename("code")
    known = [explain(code) for code in canonical.drop_nulls().unique()]
    table = pl.DataFrame(
        {name: [getattr(code, name) for code in known] for name in names},
        schema=dict.fromkeys(names, pl.String),
    ).with_columns(code=pl.Series([code.code for code in known], dtype=pl.String))
    return canonical.to_frame().join(table, on="code", how="left", maintain_order="left").select(names)


def _cause(row: Row) -> Cause:
    """Return a row of codes.csv as a cause."""
    return Cause(
        cause=row["meaning"] or "",
        remedy=row["remedy"],
        when=row["when"],
        page=row["page"] or "",
        certainty=row["certainty"] or "unknown",
    )


def _named(code: str, answer: str) -> str | None:
    """Return the circumstance of a code (`when`) that an answer's own words name."""
    rows = read_facts("answer_words").filter(pl.col("code") == code).select("pattern", "when").iter_rows()
    return next((when for pattern, when in rows if re.search(pattern, answer)), None)


def _fit(row: Row, stage: str | None, scenario: str | None, named: str | None = None) -> int:
    """Say how well a row fits its context: above 0 it was written for it, below 0 for another one.

    A row written for a stage and a scenario needs both, also where the scenario is not known; one that the
    answer names needs nothing else. "named" is the scenario of none: such a row needs to be named.
    """
    if named is not None and row["when"] == named:
        return _NAMED
    if stage and not scenario and row["stage"] and row["scenario"]:
        return -1
    fit = 0
    if stage and row["stage"]:
        if row["stage"] != stage:
            return -1
        fit += 2
    if scenario and row["scenario"]:
        if not any(word in scenario for word in row["scenario"].split()):
            return -1
        fit += 2
    half_told = row["stage"] and row["scenario"] and not (stage and scenario)
    return 0 if half_told else fit


@cache
def stages_in_words() -> dict[str, str]:
    """Return how texts of facts name a stage, `{desktop}` or to begin `{Desktop}` -> how it reads."""
    stages = read_facts("stages")["stage"].drop_nulls().unique().sort()
    return {f"{{{stage}}}": wording.words(stage) for stage in stages} | {
        f"{{{stage.capitalize()}}}": wording.heading(stage) for stage in stages
    }


@cache
def _all_rows() -> dict[str, list[Row]]:
    """Return the rows of codes.csv under their code, in rank order, with stages in words."""
    texts = pl.col("meaning", "remedy").str.replace_many(stages_in_words())
    table = read_facts("codes").with_columns(texts).sort("code", pl.col("rank").cast(pl.Int64))
    rows: dict[str, list[Row]] = {}
    for row in table.iter_rows(named=True):
        rows.setdefault(row["code"], []).append(row)
    return rows


def _rows_of(code: str) -> list[Row]:
    return _all_rows().get(code, [])


@cache
def _families() -> dict[str, Row]:
    """Return the rows of code_families.csv under their prefix of hex digits."""
    return {row["prefix"]: row for row in read_facts("code_families").iter_rows(named=True)}


def _family_of(code: str) -> Row:
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


def _facility_of(code: str) -> int | None:
    """Return the facility number: 11 bits of an HRESULT, 12 of an NTSTATUS."""
    value = int(code, 16)
    return (value >> 16) & (0xFFF if value >> 28 in (0xC, 0xD) else 0x7FF)


def _compute(code: str, spelt: str) -> Code:
    """Return a code that no table names, decoded by its family's rule, or as unknown."""
    family = _family_of(code)
    facility = _facility_of(code)
    symbol, meaning, certainty = _decode(int(code, 16), family["decode"])
    answered = family["decode"] == "http" and int(code, 16) & 0xFFFF in range(*ANSWERED)
    unknown = f"Unknown {family['family']} code, facility {facility}"
    return Code(
        code=code,
        spelt=spelt,
        family=family["family"] or "",
        facility=facility,
        symbol=symbol,
        meaning=meaning or unknown,
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
    if rule in ("winhttp", "http") and (rows := _rows_of(f"0x8007{low:04X}")) and low >= 0x2E00:
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


def _explain_name(name: str) -> Code:
    """Return a code that is no number of 32 bits: an AADSTS error, a service's word, a text on screen."""
    aadsts = re.search(AADSTS, name)
    key = (aadsts[0] if aadsts else name).lower()
    for row in read_facts("service_codes").iter_rows(named=True):
        if key in {(row["code"] or "").lower(), (row["name"] or "").lower()}:
            return Code(
                code=row["code"] or row["name"],
                spelt=name,
                family=row["family"],
                facility=None,
                symbol=row["name"],
                meaning=row["meaning"],
                causes=(Cause(row["meaning"], row["remedy"], None, row["page"], row["certainty"]),),
                remedy=row["remedy"],
                page=row["page"],
                certainty=row["certainty"],
                stage=row["stage"],
            )
    family = "Entra sign-in" if aadsts else "not a code"
    meaning = "Unknown Entra sign-in error" if aadsts else "Not a code of any known family"
    stage = "user_authentication" if aadsts else None
    return Code(
        aadsts[0] if aadsts else name, name, family, None, None, meaning, (), None, None, "unknown", stage
    )
