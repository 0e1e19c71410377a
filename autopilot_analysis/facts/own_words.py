"""The analyst's own words for columns and states of reports in a language that no fact here knows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import msgspec

from autopilot_analysis.errors import AS_CSV, BadInput, UnknownName
from autopilot_analysis.facts.report_columns import report_columns

REPORT = "portal: Autopilot deployments"
"""The report whose columns are named where the file does not say which."""

STATES = ("succeeded", "failed", "in_progress", "abandoned")
"""Outcomes that a word of a report can stand for."""

LEAST_HEADERS = 3
"""Fewer known headers than this make no table a report; of the headers known here, half must be."""


class OwnWords(msgspec.Struct, frozen=True):
    """What an analyst said that headers and states mean, each in plain spelling."""

    columns: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)
    """For each report, our column for each header."""
    states: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The outcome in plain spelling, for each word of a report."""


_NONE = OwnWords()
_WORDS: ContextVar[OwnWords] = ContextVar("own_words", default=_NONE)


def own_words() -> OwnWords:
    """Return the words that hold now."""
    return _WORDS.get()


@contextmanager
def using_words(file: str | Path | None) -> Iterator[None]:
    """Let the words of a file hold for as long as exports are opened and read.

    Args:
        file: A CSV `text,means` or `text,means,report`; None leaves those that hold already.

    Raises:
        BadInput: The file cannot be read, or a word means nothing known here.
    """
    token = _WORDS.set(read_words(file) if file else own_words())
    try:
        yield
    finally:
        _WORDS.reset(token)


def read_words(file: str | Path) -> OwnWords:
    """Read a CSV that says what headers and states mean.

    Args:
        file: `text` is a header or a state as the report spells it, `means` one of our columns (`started_at`,
            `serial`, `state`, `total`, …) or an outcome, `report` a name of facts/report_columns.csv.

    Raises:
        BadInput: The file cannot be read, or a word means nothing known here.
    """
    try:
        lines = list(csv.DictReader(Path(file).read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput.unread(file, error, f"{AS_CSV} `text,means`") from error
    if not lines or not {"text", "means"} <= lines[0].keys():
        raise BadInput(
            f"{file} has no lines under the header `text,means`; write one for each column or state"
        )
    facts = report_columns()
    reports, meanings = set(facts["report"]), set(facts["column"])
    columns: dict[str, dict[str, str]] = {}
    states: dict[str, str] = {}
    for line in lines:
        text, means, report = (str(line.get(name) or "").strip() for name in ("text", "means", "report"))
        report = report or REPORT
        if report not in reports:
            raise UnknownName.among("report", report, reports)
        if means in STATES:
            states[plain(text)] = plain(means)
        elif means in meanings:
            columns.setdefault(report, {})[plain(text)] = means
        else:
            raise UnknownName.among("column or outcome", means, meanings | set(STATES))
    return OwnWords(columns, states)


def begins_with_own(text: str) -> bool:
    """Tell whether a text begins with headers that the analyst gave a meaning.

    Args:
        text: The beginning of a file.
    """
    known = {header for headers in own_words().columns.values() for header in headers}
    written = {plain(cell) for cell in re.split(r"[,;\t|]", text.lstrip("\ufeff").split("\n", 1)[0])}
    return len(known & written) >= LEAST_HEADERS


def plain(text: str) -> str:
    """Return a text in lower case without spaces, dots and signs, so that spellings of one name meet.

    The British "enrolment" becomes the American one, as the services write it.
    """
    return "".join(letter for letter in text.lower() if letter.isalnum()).replace("enrolment", "enrollment")
