"""Codes that a text reports in plain words, with what they belong to (facts/reported_codes.csv).

A code of a family that one part of setup alone has says itself what it is of; any other needs the step that
failed named in the same sentence, before it or, where the text is about setup, behind it or in a heading
above it. A guide, a list of codes, a program and a request for words about a code report nothing. What a
server answered with a code often stands some lines away from it, as the details of an event or in a file that
was opened as well: such lines are reported with the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

from autopilot_analysis.codes.meaning import named_circumstances
from autopilot_analysis.codes.spelling import code_of, find_codes
from autopilot_analysis.facts import read_facts, shared_pattern
from autopilot_analysis.facts.help_texts import MOST_REPORTED, explains, is_guide, is_wanted_in_a_text
from autopilot_analysis.facts.phrases import words
from autopilot_analysis.facts.quotes import is_former
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
_ERROR = words("ERROR WORD", before=r"\b", behind=r"\b[^.!?]{0,40}$")
"""What stands before eight digits that are a code although nothing marks them as such."""
_OVER = words("NO LONGER", "MENDED THING", before=r"\b", behind=r"\b[^.!?;,]{0,40}$")
"""What stands before a code that nobody meets, or meets no more."""
_MEANING = words("MEANING ASKED", before=r"\b", behind=r"\b[^.!?,;:]{0,40}$")
"""What stands before a code about whose meaning somebody only asks."""
_HEADING = late(rf"(?i)^\W{{0,6}}(?:{shared_pattern('HEADING OF A TEXT')}\W{{0,3}}:|#{{1,4}} )")
"""How a line begins that says what the lines below it are about."""
_LABEL = late(
    r"(?i)(?<![\w-])(?:(?:error[_ -]?)?sub-?code|message|nachricht|server[ -](?:message|response|answer|"
    r"meldung|antwort|error description)|servermeldung|serverantwort|réponse du serveur|message du serveur|"
    r"respuesta del servidor|risposta del server)\b[\"“”»’' ]{0,3}[:=|]"
)
"""What stands before what a server answered."""
_DENIED = words("NOT", before=r"(?:\bnever\b|\b", behind=r"\b|n['’]t\b)[^.!?;,]{0,40}$")
"""What stands before an answer that a server did not give."""
_ASKED = late(r"[^.!\n]{0,80}\?")
"""What stands behind an answer that somebody only asks about."""
_NAME = late(r"(?=\w*[a-z_])\w{10,}")
"""A word of a server that nobody writes by chance."""
_WELL = words("WELL", before=r"\b", behind=r"\b")
"""A word of a heading about what went well."""
_SENTENCE_ENDS = late(r"[.!?](?=\s|$)")
_STATEMENT = late(
    r"(?m)^[ \t]*(?:function\b|param ?\(|(?:else)?if ?\(|foreach ?\(|switch ?\(|\$\w{1,40} ?=|import \w|"
    r"#include|def \w|class \w|return\b|const \w|var \w|case [\w\"']|elif )"
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A code of a text, or the line in which stands what a server answered with it.

    Attributes:
        kind: Of facts/reported_codes.csv.
        code: As codes are spelt here.
        line: Where it, or the answer, stands, from 0.
        text: The line.
    """

    kind: str
    code: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of facts/reported_codes.csv: which codes belong to it, or beside which words any does."""

    kind: str
    rule: str
    families: tuple[str, ...]
    before: re.Pattern[str] | None
    """What stands before such a code in its sentence."""
    sentence: re.Pattern[str] | None
    """What its sentence names, or a heading above it."""
    text: re.Pattern[str] | None
    """What its text must be about."""
    unless: re.Pattern[str] | None
    """What its sentence must not name."""
    stage: str | None


@dataclass(frozen=True, slots=True)
class _Text:
    """What a text is about: its words, and those of its headings."""

    words: str
    headings: str

    @classmethod
    def of(cls, text: str) -> Self:
        lines = [line for line in text.split("\n") if _HEADING.match(line) and not _WELL.search(line)]
        return cls(text, "\n".join(lines))


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind under its name, in the order in which they are tried."""
    rows = read_facts("reported_codes").iter_rows(named=True)
    return {
        row["kind"]: Kind(
            kind=row["kind"],
            rule=row["rule"],
            families=tuple(f"0x{family}" for family in (row["families"] or "").split()),
            before=_pattern(row["pattern"]),
            sentence=_pattern(row["sentence_pattern"]),
            text=_pattern(row["text_pattern"]),
            unless=_pattern(row["unless_pattern"]),
            stage=row["stage"],
        )
        for row in rows
    }


def _pattern(written: str | None) -> re.Pattern[str] | None:
    """Return a pattern of the table, with the words in it that several rows have."""
    if written is None:
        return None
    for name in ("OF A SETUP", "OTHER PROGRAM", "PAGE BEGINS"):
        written = written.replace(f"<{name}>", shared_pattern(name))
    return late(written, re.IGNORECASE)


def reported_codes(lines: Sequence[str]) -> list[Reported]:
    """Return the codes that a text reports, each once, in its order, and behind them their answers.

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
    about = _Text.of(text)
    for at, line in enumerate(text.split("\n")):
        for code, kind in _of_line(line, about):
            found.setdefault(code, Reported(kind, code, at, line.strip()))
    return [*found.values(), *_answers(found, text.split("\n"))]


def _answers(found: Mapping[str, Reported], lines: Sequence[str]) -> Iterator[Reported]:
    """Yield the lines by which a server answered, each with the one code of the text that it can be of.

    Answers that name several circumstances of a code decide nothing, nor do those that fit several codes.
    """
    answers: dict[str, dict[int, str | None]] = {}
    for at, line in enumerate(lines):
        fitting = [(code, when) for code in found for when in _circumstances(code, line)]
        if len({code for code, _ in fitting}) == 1:
            answers.setdefault(fitting[0][0], {})[at] = fitting[0][1]
        elif not fitting and len(found) == 1 and _is_sub_code(line):
            answers.setdefault(next(iter(found)), {})[at] = None
    for code, of_code in answers.items():
        if len(set(of_code.values()) - {None}) <= 1:
            own = found[code]
            yield from (replace(own, line=at, text=lines[at].strip()) for at in of_code if at != own.line)


def _circumstances(code: str, line: str) -> Iterator[str]:
    """Yield the circumstances of a code that a line names in a server's word, or under an answer's label."""
    labelled = _LABEL.search(line)
    for hit, when in named_circumstances(code, line):
        of_server = _NAME.fullmatch(hit[0]) or (labelled and labelled.start() <= hit.start())
        if of_server and not _is_aside(line, hit.start(), hit.end()):
            yield when


def _is_sub_code(line: str) -> bool:
    hit = re.search(shared_pattern("SUB-CODE OF AN ANSWER"), line, re.IGNORECASE)
    return hit is not None and not _is_aside(line, hit.start(), hit.end())


def _is_aside(line: str, begin: int, end: int) -> bool:
    """Tell whether an answer is denied, asked about, explained or of other times."""
    before = line[:begin]
    aside = _DENIED.search(before) or _OVER.search(before) or _ASKED.match(line[end:])
    return bool(aside) or explains(line, begin, end) or is_former(before)


def _of_line(line: str, about: _Text) -> Iterator[tuple[str, str]]:
    """Yield the codes that a line reports, with their kinds."""
    plain = _ADDRESS.sub(lambda hit: " " * len(hit[0]), line)
    for hit in _DIGITS.finditer(plain):
        codes = _codes_in(hit[0])
        before = plain[: hit.start()]
        marked = not hit[0][0].isdigit() or hit[0][:2].lower() == "0x" or _ERROR.search(before)
        if not codes or not marked or _OVER.search(before) or is_former(before):
            continue
        if explains(plain, hit.start(), hit.end()) or is_wanted_in_a_text(plain, hit.start(), hit.end()):
            continue
        own = _own_kind(codes[0], before)
        if (kind := own or _kind_beside(codes[0], before, plain[hit.end() :], about)) is not None:
            yield codes[0], kind


def _codes_in(text: str) -> list[str]:
    """Return the codes of a text, those of Windows Installer too, which Intune writes small."""
    small = (code_of(int(number, 16), "exit") for number in _OF_INSTALLER.findall(text))
    return list(dict.fromkeys([*find_codes(text), *filter(None, small)]))


def _own_kind(code: str, before: str) -> str | None:
    """Return the kind of a code: that of its family, else that of the step named before it."""
    alone = [kind for kind in kinds().values() if kind.sentence is None and kind.text is None]
    own = (kind.kind for kind in alone if kind.families and code.startswith(kind.families))
    named = (kind.kind for kind in alone if kind.before and kind.before.search(before))
    return next(own, None) or next(named, None)


def _kind_beside(code: str, before: str, behind: str, about: _Text) -> str | None:
    """Return the kind of a code of a text about setup: by its family, or the step named beside it."""
    if _MEANING.search(before):
        return None
    sentence = f"{_SENTENCE_ENDS.split(before)[-1]} {_SENTENCE_ENDS.split(behind, maxsplit=1)[0]}"
    beside = [kind for kind in kinds().values() if kind.sentence or kind.text]
    fitting = [
        kind
        for kind in beside
        if (kind.text is None or kind.text.search(about.words))
        and (kind.unless is None or not kind.unless.search(sentence))
        and (not kind.families or code.startswith(kind.families))
    ]
    named = (kind.kind for kind in fitting if kind.sentence is None or kind.sentence.search(sentence))
    headed = (kind.kind for kind in fitting if kind.sentence and kind.sentence.search(about.headings))
    return next(named, None) or (next(headed, None) if _ERROR.search(before) else None)
