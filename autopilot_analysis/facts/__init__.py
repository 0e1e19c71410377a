"""What is known of Autopilot, as data: each table is a CSV file beside this one, each row names its page."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import polars as pl

_NAMED, _PART = re.compile(r"\{([^{}]+)\}"), re.compile(r"<([^<>]+)>")
"""A name in a cell of what another table says, and of a part of a regular expression."""
SEVERAL = " | "
"""What stands between the names of a cell that lists several, and between the alternatives of a sign."""


REMEDIES = "remedies"
"""The table of remedies that several rows give."""
REASONS = "reasons"
"""The table of reasons why a try ended as it did that several tables, or a table and the code, give."""
SHARED_VALUES = "shared_values"
"""The table of what several cells name: a number, a range of builds, an update."""
PAGE_OF_SERVICE = "rows of a page of the service"
"""The name there of a value that code relies on as well."""
BY_NAME = (
    ("page_reports", "report", "event_id", ("event_id", "beside", "unless")),
    (REMEDIES, "name", "remedy", ("remedy",)),
    (REASONS, "name", "reason", ("reason", "sign")),
    ("enrollment_categories", "category", "meaning", ("meaning",)),
    ("hello_prerequisites", "field", "words", ("words",)),
    ("tpm_makers", "maker", "name", ("title", "when", "meaning", "remedy")),
    (
        SHARED_VALUES,
        "name",
        "value",
        ("title", "sign", "proven_by", "place", "fixed_by", "when", "requirement", "meaning", "remedy"),
    ),
)
"""Tables whose cells other tables take: the column of the name, that of what it stands for, and the columns
of any other table in which the name stands in braces."""


PATTERNS = "shared_patterns"
"""The table of parts that several regular expressions have, in tables or in code."""
SCREEN_WORDS = "screen_words"
"""The table of words that pages of setup show, a row for each language; such a part as well."""
SYMPTOM_WORDS = "symptom_words"
"""The table of words by which people tell what they met, a row for each language; such a part as well."""
PHRASES = "phrases"
"""The table of how people write, a row for each language: as a fact, as a question, of what is over."""
PARTS = (PATTERNS, SCREEN_WORDS, SYMPTOM_WORDS, PHRASES)
"""The tables of such parts."""
WITH_PATTERNS = ("pattern", "content_pattern", "beside_pattern", "quote", "channel")
"""Columns of other tables in which such a part stands by its name, as `<ISSUER>`."""


@cache
def read_facts(name: str) -> pl.DataFrame:
    """Return one table of facts, every column as text, empty cells as null.

    A cell may take what another table says by its name there, as BY_NAME lists: `{said a value}` is the id of
    an event in facts/page_reports.csv, `{component store}` a remedy of facts/remedies.csv,
    `{memory of a virtual machine}` a value of facts/shared_values.csv. A pattern may take a part of
    facts/shared_patterns.csv, `<ISSUER>`, or words of facts/screen_words.csv, `<DEVICE SETUP>`, of
    facts/symptom_words.csv and of facts/phrases.csv.

    Args:
        name: The file's name without its ending, such as "sources" or "codes".

    Raises:
        FileNotFoundError: No table of that name ships with the package.
    """
    head, *lines = csv.reader(files(__name__).joinpath(f"{name}.csv").read_text("utf-8").splitlines(True))
    cells = dict(zip(head, (list(column) for column in zip(*lines, strict=True)), strict=True))
    for home, key, text, columns in BY_NAME:
        for column in columns:
            if name != home and column in cells and any(map(_NAMED.search, cells[column])):
                cells[column] = _filled(cells[column], _NAMED, _by_name(home, key, text))
    for column in WITH_PATTERNS:
        if name not in PARTS and column in cells and any(map(_PART.search, cells[column])):
            cells[column] = _filled(cells[column], _PART, _parts())
    rows = {column: [cell or None for cell in written] for column, written in cells.items()}
    return pl.DataFrame(rows, schema=dict.fromkeys(head, pl.String))


def _filled(cells: Iterable[str], place: re.Pattern[str], words: Mapping[str, str]) -> list[str]:
    """Return cells with what the names in them stand for; a name that nobody knows stays."""
    return [place.sub(lambda found: words.get(found[1], found[0]), cell) for cell in cells]


@cache
def shared_pattern(name: str) -> str:
    """Return a part of a regular expression that several places have.

    Args:
        name: Its name in facts/shared_patterns.csv, facts/screen_words.csv, facts/symptom_words.csv or
            facts/phrases.csv.
    """
    return _parts()[name]


@cache
def _parts() -> Mapping[str, str]:
    """Return each part of a regular expression by its name.

    A shared one may name words that a page shows or that people write, and words of a symptom a shared one.
    Words that people write may name others of these, which name a third.
    """
    written = _in_every_language(PHRASES)
    for _ in range(2):
        written = dict(zip(written, _filled(written.values(), _PART, written), strict=True))
    shown = _in_every_language(SCREEN_WORDS) | written
    met = _in_every_language(SYMPTOM_WORDS)
    parts = dict(read_facts(PATTERNS).select("name", "pattern").iter_rows())
    parts = shown | dict(zip(parts, _filled(parts.values(), _PART, shown), strict=True))
    return parts | dict(zip(met, _filled(met.values(), _PART, parts), strict=True))


def _in_every_language(table: str) -> dict[str, str]:
    """Return the words of a table that has a row for each language, as one pattern under each name."""
    words: dict[str, str] = {}
    for name, pattern in read_facts(table).select("name", "pattern").iter_rows():
        words[name] = f"{words[name]}|{pattern}" if name in words else pattern
    return {name: f"(?:{pattern})" for name, pattern in words.items()}


@cache
def _by_name(home: str, key: str, text: str) -> Mapping[str, str]:
    """Return what each name of a table stands for; a cell there may name another of its rows."""
    cells = dict(read_facts(home).select(key, text).iter_rows())
    return dict(zip(cells, _filled(cells.values(), _NAMED, cells), strict=True))


def shared_remedies() -> Mapping[str, str]:
    """Return the remedies that several rows give, under their names in facts/remedies.csv."""
    return _by_name(REMEDIES, "name", "remedy")


@cache
def shared_reasons() -> Mapping[str, str]:
    """Return the reasons that several places give, under their names in facts/reasons.csv."""
    return _by_name(REASONS, "name", "reason")


def page_of_service() -> int:
    """Return how many rows a page of the service holds at the most, for readers and samples alike."""
    return int(dict(read_facts(SHARED_VALUES).select("name", "value").iter_rows())[PAGE_OF_SERVICE])


def one_each(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return rows of facts with one row for each name of a cell that lists several, as in "one | another".

    Args:
        rows: Of a table of facts.
        column: Whose cells may list names.

    Example:
        >>> one_each(pl.DataFrame({"provider": ["a | b"], "id": ["1"]}), "provider").rows()
        [('a', '1'), ('b', '1')]
    """
    return rows.with_columns(pl.col(column).str.split(SEVERAL)).explode(column)
