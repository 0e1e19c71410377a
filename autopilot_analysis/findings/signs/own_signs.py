"""An analyst's own rules as data: a CSV whose rows are signs with their words. Nothing in it is run.

Columns: `sign` (the language of signs.py) and `title`; as wanted `meaning`, `remedy`, `rule` (the id, else
`OWN` and the row's number) and those of `WEIGHED`. A rule without a severity
weighs as the package's own conditions do: a warning where it fits an attempt that failed, else info.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import polars as pl

from autopilot_analysis.codes import spell_digits
from autopilot_analysis.errors import AS_CSV, BadInput, UnknownName
from autopilot_analysis.facts import SEVERAL, read_facts
from autopilot_analysis.findings.looking import PROVIDERS
from autopilot_analysis.findings.rule import OWN_WORDS, RuleFunction, proof, rule
from autopilot_analysis.findings.signs.signs import TERMS, below_of, gather, match, origin_of, terms_of
from autopilot_analysis.findings.weighing import weigh
from autopilot_analysis.findings.words import words
from autopilot_analysis.tables import KINDS, ROLES, SEVERITIES, STAGES, Tables, Trace

NEEDED = ("sign", "title")
WEIGHED = ("severity", "role", "stage", "confidence", "page")
"""Columns that say how much a rule weighs, where it belongs and where it stands."""
WORDS = ("title", "meaning", "remedy", *WEIGHED)
OWN = "OWN-"
"""What the id of a rule begins with that has none of its own."""
LISTS = {"severity": SEVERITIES, "role": ROLES, "stage": STAGES}
"""Columns that hold one of a few names."""
_CODE = re.compile(r"0x[0-9A-F*]{3,8}")
_SPELT = re.compile(r"0x[0-9a-f*]{3,8}", re.IGNORECASE)


def read_signs(file: Path) -> dict[str, RuleFunction]:
    """Read a CSV of own rules and register each; a file that was read before replaces what it brought.

    Args:
        file: The CSV, UTF-8, its first line naming the columns.

    Returns:
        The rules by their ids.

    Raises:
        BadInput: The file cannot be read, a row lacks its sign or title, or a sign cannot be answered; the
            message names the file and the row.
    """
    taken = set(words()["rule"]) - OWN_WORDS.keys()
    brought: dict[str, RuleFunction] = {}
    for number, row in _rows(file):
        try:
            name = row.get("rule") or f"{OWN}{number}"
            if name in taken or name in brought:
                raise BadInput(f"another rule is called {name}; give this one an id of its own")
            brought[name] = _register(name, row)
        except BadInput as error:
            raise BadInput(f"{file}, row {number}: {error}") from error
    if not brought:
        raise BadInput(f"{file} holds no row under its header; write one for each rule")
    return brought


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Return each row that holds anything, with its line in the file."""
    try:
        reader = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines(), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput.unread(file, error, f"{AS_CSV} with a header") from error
    known = {*NEEDED, *WORDS, "rule"}
    header = [(name or "").strip() for name in reader.fieldnames or []]
    lacking = [name for name in NEEDED if name not in header]
    if lacking:
        raise BadInput(f"{file} has no column {' and no column '.join(lacking)}; its first line names them")
    for name in header:
        if name not in known:
            raise BadInput(f"{file}: {UnknownName.among('column', name, known)}")
    for number, row in rows:
        if None in row or None in row.values():
            raise BadInput(f"{file}, row {number}: {len(header)} cells are due; quote cells with commas")
        cells = {name.strip(): cell.strip() for name, cell in row.items()}
        if any(cells.values()):
            yield number, cells


def _register(name: str, row: Mapping[str, str]) -> RuleFunction:
    """Check one row and register it as a rule."""
    for column in NEEDED:
        if not row[column]:
            raise BadInput(f"the {column} is empty; every rule has one")
    for column, known in LISTS.items():
        if row.get(column) and row[column] not in known:
            raise UnknownName.among(column, row[column], known)
    sure = row.get("confidence")
    if sure and not re.fullmatch(r"0(?:\.\d+)?|1(?:\.0+)?", sure):
        raise BadInput(f"the confidence {sure!r} is no number from 0 to 1")
    sign = _SPELT.sub(lambda code: spell_digits(code[0][2:]), row["sign"])
    check_sign(sign)
    given = {column: row[column] for column in WORDS if row.get(column)}
    return rule(name, limits=None, **given)(_asking(sign, given.get("stage"), weighs="severity" not in given))


def _asking(sign: str, stage: str | None, *, weighs: bool) -> RuleFunction:
    """Return the rule that a sign is."""

    def ask(tables: Tables, trace: Trace) -> pl.DataFrame:
        rows = match(sign, gather(tables, trace)).with_columns(about=pl.lit(stage, dtype=pl.String))
        heavy = weigh(rows, trace, by_stage=stage is not None)
        return proof(heavy if weighs else heavy.drop("severity"))

    return ask


def check_sign(sign: str) -> None:
    """Refuse a sign that could never be answered.

    Args:
        sign: In the language of signs.py, codes in canonical spelling.

    Raises:
        BadInput: A term is unknown, has no origin or no value, or names what does not exist.
    """
    for part in f" {sign} ".split(SEVERAL):
        terms = terms_of(part)
        if not terms:
            raise BadInput("one alternative of the sign is empty; write a term on both sides of ' | '")
        for name, value in terms:
            if name not in TERMS:
                raise UnknownName.among("term", name, TERMS)
            if not value:
                raise BadInput(f"the term {name} has no value; write {name}=…")
            _check_value(name, value)


def _check_value(name: str, value: str) -> None:
    if name in _NAMES:
        asked = origin_of(value)
        known = _NAMES[name]()
        for one in asked["names"].split(","):
            if name.endswith("event"):
                _check_event(one, known)
            elif one not in known:
                raise UnknownName.among(name, one, known)
        for code in (asked["codes"] or "").split(",") if asked["codes"] else []:
            if not _CODE.fullmatch(code.strip()):
                raise BadInput(f"{code!r} is no result code; write it like 0x80070652 or 0x8007*")
        _check_pattern(asked["never"])
    elif name in ("property", "property_not"):
        _check_pattern(value.partition(":")[2])
    elif name == "property_below":
        below_of(value)
    elif name == "builds" and not re.fullmatch(r"(?:\s*\d+\.\d+-\d+\.\d+\s*(?:,|$))+", value):
        raise BadInput(f"builds={value} is no range; write builds=22000.0-22000.674")


def _check_event(event: str, providers: set[str]) -> None:
    provider, _, number = event.partition(":")
    if provider not in providers:
        raise UnknownName.among("provider of events", provider, providers)
    if not number.isdecimal():
        raise BadInput(f"{event!r} names no event; write it like ap:171")


def _check_pattern(pattern: str | None) -> None:
    try:
        pl.Series([""]).str.contains(pattern or "")
    except pl.exceptions.PolarsError as error:
        raise BadInput(f"{pattern!r} is no pattern: {str(error).splitlines()[-1].strip()}") from error


def _marks() -> set[str]:
    tables = ("stages", "trace_marks")
    return {mark for table in tables for mark in read_facts(table)["mark"].drop_nulls()}


_NAMES: dict[str, Callable[[], set[str]]] = {
    "event": lambda: set(PROVIDERS),
    "missing_event": lambda: set(PROVIDERS),
    "mark": _marks,
    "failed": lambda: set(STAGES),
    "install": lambda: set(KINDS),
}
"""Terms whose value begins with names, and which names there are."""
