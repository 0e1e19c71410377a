"""Codes that a text reports in plain words, with what they belong to (facts/reported_codes.csv).

A code of a family that one part of setup alone has says itself what it is of; any other needs the step that
failed named before it, in the same sentence. A guide, a list of codes, a program and a request for words
about a code report nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from autopilot_analysis.codes.spelling import code_of, find_codes
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.help_texts import MOST_REPORTED, explains, is_guide, is_wanted_in_a_text
from autopilot_analysis.patterns import late

LONGEST = 120
"""Lines with words that a mail or a ticket has at most; a log, an article or a page has more."""
LEAST_STATEMENTS = 5
"""So many lines of statements make a text a program, in which a code is compared and not reported."""
_SEARCHED = 1000
_DIGITS = late(
    r"(?<![\w/.=&#-])(?:0x)?[0-9a-f]{8,10}(?![\w/&=-]|\.\w)|(?<![\w/.=&#])[-−]?\d{10}\b", re.IGNORECASE
)
"""What may be a code in a line, so that its place is known."""
_OF_INSTALLER = late(r"\b0x0{4}06[4-7][0-9a-f]\b", re.IGNORECASE)
"""An error of Windows Installer (1601 to 1654 and those around) as Intune writes it, without its family."""
_ADDRESS = late(r"(?i)\bhttps?://\S{1,500}")
_ERROR = late(
    r"(?i)\b(?:error|fail\w{0,5}|code|stop\w{0,4}|fehler\w{0,6}|scheiter\w{0,3}|erreur|échoue|errore|"
    r"falla|código|fout\w{0,4}|fel\w{0,4})\b[^.!?]{0,40}$"
)
"""What stands before eight digits that are a code although nothing marks them as such."""
_OVER = late(
    r"(?i)\b(?:no longer|not any ?more|never|without|instead of|nicht mehr|kein(?:en)?|ohne|ya no|"
    r"(?:fixed|solved|resolved|behoben|gelöst)(?: the)?)\b[^.!?;,]{0,40}$"
)
"""What stands before a code that nobody meets, or meets no more."""
_STATEMENT = late(
    r"(?m)^[ \t]*(?:function\b|param ?\(|(?:else)?if ?\(|foreach ?\(|switch ?\(|\$\w{1,40} ?=|import \w|"
    r"#include|def \w|class \w|return\b|const \w|var \w|case [\w\"']|elif )"
)


class Reported(msgspec.Struct, frozen=True):
    """A code of a text.

    Attributes:
        kind: Of facts/reported_codes.csv.
        code: As codes are spelt here.
        line: Where it stands, from 0.
        text: The line.
    """

    kind: str
    code: str
    line: int
    text: str


class Kind(msgspec.Struct, frozen=True):
    """A row of facts/reported_codes.csv: which codes belong to it, or after which words any does."""

    kind: str
    rule: str
    families: tuple[str, ...]
    before: re.Pattern[str] | None
    stage: str | None


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind under its name, in the order in which they are tried."""
    rows = read_facts("reported_codes").iter_rows(named=True)
    return {
        row["kind"]: Kind(
            kind=row["kind"],
            rule=row["rule"],
            families=tuple(f"0x{family}" for family in (row["families"] or "").split()),
            before=re.compile(row["pattern"]) if row["pattern"] else None,
            stage=row["stage"],
        )
        for row in rows
    }


def reported_codes(lines: Sequence[str]) -> list[Reported]:
    """Return the codes that a text reports, each once, in its order.

    Args:
        lines: Of the text, without their ends.

    Example:
        >>> [one.kind for one in reported_codes(["We get error 0x8018000a when we enrol a laptop."])]
        ['enrolment']
    """
    if sum(bool(line.strip()) for line in lines) > LONGEST:
        return []
    text = "\n".join(line[:_SEARCHED] for line in lines)
    codes = _codes_in(text)
    if not codes or len(codes) > MOST_REPORTED or is_guide(text):
        return []
    if len(_STATEMENT.findall(text)) >= LEAST_STATEMENTS:
        return []
    found: dict[str, Reported] = {}
    for at, line in enumerate(text.split("\n")):
        for code, kind in _of_line(line):
            found.setdefault(code, Reported(kind, code, at, line.strip()))
    return list(found.values())


def _of_line(line: str) -> Iterator[tuple[str, str]]:
    """Yield the codes that a line reports, with their kinds."""
    plain = _ADDRESS.sub(lambda hit: " " * len(hit[0]), line)
    for hit in _DIGITS.finditer(plain):
        codes = _codes_in(hit[0])
        before = plain[: hit.start()]
        marked = not hit[0][0].isdigit() or hit[0][:2].lower() == "0x" or _ERROR.search(before)
        if not codes or not marked or _OVER.search(before):
            continue
        if explains(plain, hit.start(), hit.end()) or is_wanted_in_a_text(plain, hit.start(), hit.end()):
            continue
        if (kind := _kind_of(codes[0], before)) is not None:
            yield codes[0], kind


def _codes_in(text: str) -> list[str]:
    """Return the codes of a text, those of Windows Installer too, which Intune writes small."""
    small = (code_of(int(number, 16), "exit") for number in _OF_INSTALLER.findall(text))
    return list(dict.fromkeys([*find_codes(text), *filter(None, small)]))


def _kind_of(code: str, before: str) -> str | None:
    """Return the kind of a code: that of its family, else that of the step named before it."""
    kinds_ = kinds().values()
    own = (kind.kind for kind in kinds_ if kind.families and code.startswith(kind.families))
    named = (kind.kind for kind in kinds_ if kind.before and kind.before.search(before))
    return next(own, None) or next(named, None)
