"""Errors that somebody wrote down: what a page of setup or the window of a script showed (facts/quotes.csv).

An error is known by the words that Windows or the script shows, never by a code alone. A text that explains
several errors is a guide, and tells of no device.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property

import msgspec

from autopilot_analysis.facts import read_facts, shared_pattern
from autopilot_analysis.facts.error_records import in_one_line
from autopilot_analysis.facts.help_texts import CODE_WRITTEN, MOST_REPORTED, explains, is_guide
from autopilot_analysis.facts.phrases import words
from autopilot_analysis.facts.quote_groups import (
    BARE,
    CALLED_FAILED,
    COMMAND,
    COMMAND_DONE,
    CONTRADICTED,
    DESCRIBED,
    DETAIL_GROUPS,
    DETAILS,
    HARDWARE_DETAILS,
    INSTALLED,
    INSTALLER_BUSY,
    ONE_CODE,
    PACKAGE,
    PACKAGE_LOG,
    PAGE,
    PLAIN,
    PORTAL,
    PORTAL_DETAILS,
    PORTAL_ITEM,
    PROGRESS,
    REPORTED_POLICY,
    RESTRICTION,
    SAID_TO_WORK,
    SETUP_COMMAND,
    SIGN_IN,
    SIGN_IN_DETAILS,
    SIGN_IN_POLICY,
    SIGN_IN_WORDS,
    SUCCEEDED,
    SYMPTOM,
    TOOLKIT,
    TOOLKIT_DETAILS,
    UPDATE,
    WENT_ON,
    WINGET,
    WINGET_DETAILS,
    WITH_ANOTHER,
)
from autopilot_analysis.facts.symptoms import (
    MOST_SYMPTOMS,
    is_denied,
    is_stated,
    may_describe,
    may_tell_success,
    tells_success,
)
from autopilot_analysis.patterns import late

BARE_WITHIN = 12
"""So many lines may stand around such a code, or make a page at work: a log or an article has more."""
_PHASES = ("device_setup", "account_setup")
"""Phases that the status page lists with how each stands."""
_KINDS_OF_A_LINE = frozenset({DETAILS, HARDWARE_DETAILS, TOOLKIT_DETAILS, SUCCEEDED})
"""The groups of which one line may show several kinds."""
_MET = ONE_CODE | PLAIN | DESCRIBED
"""The groups of what somebody met, in the line in which it stands; not what a reader may meet."""
_LISTED = late(r"\s{0,4}(?:(?:#|\||<t[dr]\b).*|(?:[-*•]|\d{1,2}[.)])\s{1,3}\W{0,3}(?:\w{1,12} )?)")
"""A heading, a row of a table, or how a point of a list begins."""
_CODES = late(rf"(?i)\b{CODE_WRITTEN}\b")
CALLED_WITHIN = 3
"""So many lines below the success its caller may call it a failure."""
_SEARCHED = 2048
"""Characters of a line in which an error is looked for."""
_LONGEST = 4000
"""Lines of a text that are looked at; nobody writes down more around an error."""
_MARGIN = " \t>|"
"""What a mail puts before each line that it quotes."""
_WRAPPED = (40, 120)
"""How long a line is that a mail broke."""
_FAILS = late(r"(?i)\b(?:fail(?:ed|ure)|error|0x8[0-9a-f]{7}|fehl(?:er|geschlagen))\b")
"""Words of a line that tells of a failure of its own."""
_SUPPOSED = words("ONLY SUPPOSED", behind=r"[^.!?\n]{0,80}$")
"""What stands before a plain sentence that is only supposed."""
_FORMER = words("FORMER", before=r"\b", behind=r"\b[^.!?]{0,80}$")
"""Words right before an error that somebody had in other times, on another device."""


class Quote(msgspec.Struct, frozen=True):
    """One error of a text.

    Attributes:
        kind: Of facts/quotes.csv.
        line: Where it stands, from 0.
        text: The line.
        code: The result code as the line writes it, "" for none.
        exit: The exit code, "" for none.
        item: What the line names, "" for nothing.
    """

    kind: str
    line: int
    text: str
    code: str
    exit: str
    item: str


class Kind(msgspec.Struct, frozen=True, dict=True):
    """A row of facts/quotes.csv: how an error is known, and what it is of."""

    kind: str
    group: str
    rule: str
    words: str
    words_beside: str | None
    item: str
    """What the error is called; `{}` stands for what the line names."""
    stage: str | None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """How its words are known; compiled when the first text is looked at, for many an export has none."""
        return re.compile(_filled(self.words), re.MULTILINE)

    @cached_property
    def beside(self) -> re.Pattern[str] | None:
        """What has to stand somewhere in the text as well."""
        return re.compile(_filled(self.words_beside)) if self.words_beside else None

    @property
    def phase(self) -> str | None:
        """The phase of the status page that such a line shows as failed; None for other kinds."""
        return self.stage if self.group == PAGE and self.stage in _PHASES else None


def quotes_in(lines: Sequence[str]) -> list[Quote]:
    """Return the errors that a text quotes; none of a text that is a guide.

    Args:
        lines: Without their ends.
    """
    lines = in_one_line(lines[:_LONGEST])
    text = "\n".join(line[:_SEARCHED] for line in lines)
    if is_guide(text):
        return []
    flat = " ".join(line[:_SEARCHED].strip(_MARGIN) for line in lines)
    left = frozenset() if may_describe(text) else DESCRIBED
    left |= frozenset() if may_tell_success(text) else {SUCCEEDED}
    tried = [kind for kind in kinds() if kind.group not in left]
    known = [kind for kind in tried if kind.pattern.search(text) or kind.pattern.search(flat)]
    known = [kind for kind in known if kind.beside is None or kind.beside.search(flat)]
    if all(kind.group in DETAIL_GROUPS | WITH_ANOTHER.keys() for kind in known):
        return []
    found = [quote for at in range(len(lines)) for quote in _at(known, lines, at)]
    groups = {kind.kind: kind.group for kind in kinds()}
    found, successes = _contradicted(_without_waits(found), lines)
    found = _of_what_failed(_of_what_failed(found, PACKAGE, INSTALLED), COMMAND, COMMAND_DONE)
    sign_ins = {kind for kind, group in groups.items() if group == SIGN_IN}
    for several in ({PACKAGE}, {PACKAGE_LOG}, {UPDATE}, sign_ins):
        if len({quote.item for quote in found if quote.kind in several}) > 1:
            found = [quote for quote in found if quote.kind not in several]
    found = sorted([*found, *successes], key=lambda quote: quote.line)
    found = [quote for quote in found if groups[quote.kind] != SETUP_COMMAND or not _overtaken(quote, lines)]
    out = _out_of_place(found, groups, sum(bool(line.strip()) for line in lines))
    if len({code.lower().removeprefix("0x") for code in _CODES.findall(flat)}) > MOST_REPORTED:
        out |= PLAIN
    return [quote for quote in found if groups[quote.kind] not in out]


def _out_of_place(found: Sequence[Quote], groups: Mapping[str, str], written: int) -> set[str]:
    """Return the groups of errors that say nothing here: lists of codes, and details without their error.

    Args:
        found: Errors of one text.
        groups: The group of each kind.
        written: How many lines of the text are not empty.
    """
    shown = {groups[quote.kind] for quote in found}
    successes = {SUCCEEDED} if shown - {SUCCEEDED} else set()
    shown -= successes
    out = successes | {
        group for group in shown & ONE_CODE if _lists(quote for quote in found if groups[quote.kind] == group)
    }
    if PAGE in shown - out or written > BARE_WITHIN:
        out |= {PROGRESS}
    if not {PAGE, PROGRESS} & (shown - out):
        out |= {PAGE} if SIGN_IN in shown else {PAGE, DETAILS}
    if SIGN_IN not in shown:
        out |= {SIGN_IN_DETAILS}
    if not {PORTAL, PORTAL_ITEM} & shown:
        out |= {PORTAL_DETAILS}
    out |= {group for group, other in WITH_ANOTHER.items() if other not in shown}
    if not {WINGET, CONTRADICTED} & (shown - out):
        out |= {WINGET_DETAILS}
    if not {TOOLKIT, CONTRADICTED} & shown:
        out |= {TOOLKIT_DETAILS}
    if SIGN_IN in shown:
        out |= {SIGN_IN_WORDS, SIGN_IN_POLICY}
    if shown & {SIGN_IN, SIGN_IN_WORDS}:
        out |= {REPORTED_POLICY}
    if WENT_ON in shown - out:
        out |= {SAID_TO_WORK}
    out |= {RESTRICTION} if PAGE in shown - out else {HARDWARE_DETAILS}
    symptoms = {quote.kind for quote in found if groups[quote.kind] == SYMPTOM}
    if len(symptoms) > MOST_SYMPTOMS or shown - out - {BARE, *DESCRIBED, *WITH_ANOTHER}:
        out |= {SYMPTOM}
    if shown - out - {BARE, SYMPTOM, "connector"} or written > BARE_WITHIN:
        out |= {BARE}
    return out


def _of_what_failed(found: list[Quote], begun: str, done: str) -> list[Quote]:
    """Return errors without the things that a program began and was done with before an error of it.

    Of what is begun inside another, as a package that the first one needs, the last begun is the first done.

    Args:
        found: In the order of their lines.
        begun: The kind that names a thing.
        done: The kind that says that the last one named is done.
    """
    open_ones: list[Quote] = []
    for quote in found:
        if quote.kind == begun:
            open_ones.append(quote)
        elif quote.kind == done and open_ones:
            open_ones.pop()
    return [quote for quote in found if quote.kind not in (begun, done) or quote in open_ones]


def _without_waits(found: list[Quote]) -> list[Quote]:
    """Return errors without waits for another installation that something ended well behind."""
    done = max((quote.line for quote in found if quote.kind == COMMAND_DONE), default=-1)
    return [quote for quote in found if quote.kind != INSTALLER_BUSY or quote.line > done]


def _contradicted(found: list[Quote], lines: Sequence[str]) -> tuple[list[Quote], list[Quote]]:
    """Return errors without failures that no success stands right above, and the successes of the others.

    What winget installed last must be the app itself: a package that another one needs proves nothing of it.
    """
    waiting, kept, successes = 0, [], []
    done: Quote | None = None
    for quote in found:
        if quote.kind == PACKAGE:
            waiting += 1
        elif quote.kind == INSTALLED:
            waiting, done = max(waiting - 1, 0), quote
        if quote.kind != CALLED_FAILED:
            kept.append(quote)
        elif done is not None and not waiting and quote.line - done.line <= CALLED_WITHIN:
            between = lines[done.line + 1 : quote.line]
            if not any(_FAILS.search(line[:_SEARCHED]) for line in between):
                kept.append(quote)
                successes.append(done)
    return kept, list(dict.fromkeys(successes))


def _overtaken(quote: Quote, lines: Sequence[str]) -> bool:
    """Tell whether a line behind the error of a command shows that its work was done all the same."""
    behind = "\n".join(line[:_SEARCHED] for line in lines[quote.line + 1 :])
    return any(
        re.fullmatch(fact["command"], quote.item, re.IGNORECASE) and re.search(fact["pattern"], behind)
        for fact in read_facts("setup_commands").iter_rows(named=True)
    )


def _lists(quotes: Iterable[Quote]) -> bool:
    """Tell whether errors of one group have several codes, as a list of errors has."""
    return len({quote.code.lower() or quote.exit for quote in quotes if quote.code or quote.exit}) > 1


def reread(kind: str, text: str) -> Quote:
    """Return the error that a line shows, of a kind by which it is known.

    Args:
        kind: Of facts/quotes.csv.
        text: The line.
    """
    own = [one for one in kinds() if one.kind == kind]
    return next(iter(_quotes_of(own, 0, text)), Quote(kind, 0, text, "", "", ""))


def _at(known: Sequence[Kind], lines: Sequence[str], at: int) -> list[Quote]:
    """Return the errors of a line, and those that a mail broke between it and the next."""
    line = lines[at][:_SEARCHED]
    whole = _quotes_of(known, at, line)
    after = lines[at + 1][:_SEARCHED].strip(_MARGIN) if at + 1 < len(lines) else ""
    if not after or not _WRAPPED[0] <= len(line) <= _WRAPPED[1]:
        return whole
    groups = {kind.group for kind in known for quote in whole if quote.kind == kind.kind}
    others = [kind for kind in known if kind.group != DETAILS and kind.group not in groups]
    return [*whole, *_quotes_of(others, at, f"{line.rstrip()} {after}", over=len(line.rstrip()))]


def _quotes_of(known: Sequence[Kind], at: int, line: str, over: int = 0) -> list[Quote]:
    """Return the errors of a line, of each group the first that fits.

    Args:
        known: The kinds that are tried.
        at: Where the line stands.
        line: The line.
        over: The place that an error must span; 0 for any.
    """
    found: dict[str, Quote] = {}
    for kind in known:
        hit = kind.pattern.search(line)
        key = kind.kind if kind.group in _KINDS_OF_A_LINE else kind.group
        key = kind.words if kind.group == SYMPTOM else key
        spans = hit is not None and (not over or hit.start() < over < hit.end())
        if hit and kind.group in _MET and explains(line, hit.start(), hit.end()):
            continue
        if hit and kind.group in _MET and is_former(line[: hit.start()]):
            continue
        if hit and kind.group in PLAIN and _is_listed(line, hit.start()):
            continue
        if hit and kind.group in DESCRIBED and not is_stated(line, hit.start(), hit.end()):
            continue
        if hit and kind.group == SYMPTOM and is_denied(line, hit.start(), hit.end()):
            continue
        if hit and kind.group == SUCCEEDED and not tells_success(line, hit.start(), hit.end()):
            continue
        if hit and spans and key not in found:
            named = {name: value or "" for name, value in hit.groupdict().items()}
            code = named.get("code", "").lower().removeprefix("0x")
            shown = (named.get("item") or named.get("app") or "").strip()
            item = kind.item.replace("{}", shown) if kind.item else shown
            found[key] = Quote(kind.kind, at, line.strip(), code and f"0x{code}", named.get("exit", ""), item)
    return list(found.values())


def is_former(before: str) -> bool:
    """Tell whether what stands right before an error is of other times.

    Args:
        before: The line up to the error.
    """
    return _FORMER.search(before) is not None


def _is_listed(line: str, begin: int) -> bool:
    """Tell whether a plain sentence heads a part, a row or a point of a list, or is only supposed."""
    listed = _LISTED.match(line)
    return bool(listed and listed.end() >= begin) or _SUPPOSED.search(line[:begin]) is not None


def stage_named(text: str) -> str | None:
    """Return the stage of the step of a page of setup that a text calls failed, None where it names none.

    Args:
        text: A line, as the service words a failure: "Securing your hardware: 0x81039024".
    """
    pages = (kind for kind in kinds() if kind.group == PAGE and kind.stage)
    return next((kind.stage for kind in pages if kind.pattern.search(text)), None)


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind of error that is known by its words, in the order in which they are tried."""
    return tuple(
        Kind(
            kind=row["kind"],
            group=row["group"],
            rule=row["rule"] or "",
            words=row["pattern"],
            words_beside=row["beside_pattern"],
            item=row["item"] or "",
            stage=row["stage"],
        )
        for row in read_facts("quotes").iter_rows(named=True)
    )


def _filled(pattern: str) -> str:
    """Return a pattern with the words in it that several rows, or another table of facts, have."""
    for place, written in _places().items():
        pattern = pattern.replace(place, written) if place in pattern else pattern
    return pattern


@cache
def _places() -> dict[str, str]:
    errors = read_facts("script_errors").select("rule", "pattern").iter_rows()
    commands = {"<SETUP COMMAND>": f"(?:{'|'.join(read_facts('setup_commands')['command'])})"}
    return commands | {f"<{rule}>": words for rule, words in errors}


@cache
def previous_step() -> re.Pattern[str]:
    """Return what stands right behind a phase that was not begun: the one before it had failed."""
    return re.compile(rf"(?i)\W{{1,40}}{shared_pattern('PREVIOUS STEP')}\b")
