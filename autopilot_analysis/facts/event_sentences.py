"""Messages of events that people quote without anything else: an event is known by its own sentence.

A sentence that Windows writes for one event alone tells its number, one of a few events the first of them;
of others the number is known only where it stands beside the sentence, as in a row of a list or behind the
word Event. In another language than English an event is known by its number where its text names a result
code and the part of Windows that wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from autopilot_analysis.facts import SEVERAL, read_facts
from autopilot_analysis.facts.event_blocks import Block, words_of
from autopilot_analysis.facts.event_lists import is_dated
from autopilot_analysis.facts.listed_objects import SEARCHED
from autopilot_analysis.facts.symptoms import tells_success
from autopilot_analysis.patterns import late

_MARKS = " \t\xa0`*_'\"\u201c\u201d|"
"""What a page puts around a sentence, behind a number or a time."""
_ROW = late(r"(.{0,60}?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?)\s+(\d{1,5})")
_CODE = late(r"\b0x[89a-fA-F][0-9a-fA-F]{7}\b")
_FAILED = late(r"(?i)\bfail|\bunable\b")
_CODE_LINE = late(
    r"(?i)(?:code|error|hresult|result|status)\W{0,4}(?:\w{1,20}\W{1,4})?0x[89a-f][0-9a-f]{7}\b"
)
"""A line that tells a result code, as one beside a sentence that says it in words alone."""
_ABOVE = 2
"""Lines above a sentence that are looked at for its code, which a bare label may part from it."""
_SHORT = 80
"""A longer line below a sentence tells of something else."""
_LABEL = late(r"\W{0,4}\w{1,20}\W{0,4}:\W{0,4}")
"""A line that is a bare label, such as `Message:`, which may part a number from its sentence."""
_IDENTIFIES = late(r"(?i)\W{0,4}(?:trace|correlation|activity|protector|identification) ?g?u?id\b")
"""What Windows writes between a sentence and its error."""
_ERROR = late(r"\W{0,4}Error(?: [Cc]ode| [Mm]essage)?: ?\S")
"""How the line of the error begins that belongs to a message."""
_ERROR_WITHIN = 4
"""Lines below a message in which that line stands, behind blank ones and those that identify the event."""
_SEVERAL = late(r"\d,? {0,2}(?:,|and|&|/|und|et) {0,2}\d")
"""Several numbers in one line tell of no single event."""
_BESIDE = 160
"""Characters before a sentence in which its number may stand."""
_PART_LINES = 6
"""Lines below a number in which a text in another language tells what it is of, and its code."""
_TIMED = late(r"\W{0,8}(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?\s+)?\d{1,2}:\d\d\b")


class _Sentence(msgspec.Struct, frozen=True):
    """How the message of an event begins, what else stands in it, and whose it is."""

    holds: str
    provider: str
    numbers: tuple[str, ...]


class _Part(msgspec.Struct, frozen=True):
    """A word that the events of a part of Windows hold in every language, and their numbers."""

    word: str
    provider: str
    first: int
    last: int


def sentences_in(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the events of a text that are no more than their messages.

    Args:
        lines: Of a text, without their ends.
    """
    at, label, free = 0, "", 0
    while at < len(lines):
        begin = _pattern().search(lines[at][:SEARCHED])
        if begin is not None and _is_no_success(lines[at][:SEARCHED], begin):
            at, label = at + 1, ""
            continue
        if begin is None:
            numbered = _by_number(lines, at)
            if numbered is not None:
                yield numbered
                at, label, free = numbered.end, "", numbered.end
                continue
            parts = _LABEL.fullmatch(lines[at]) and _number_in(label)
            label = label if parts else lines[at] or label
            at += 1
            continue
        end = _behind_error(lines, _end(lines, at))
        message = "\n".join([lines[at][begin.start() :], *lines[at + 1 : end]])
        message = "\n".join(line.strip() for line in message.split("\n")).rstrip(_MARKS + "\n")
        if _FAILED.search(message) and not _CODE.search(message):
            beside = _code_above(lines, at, free) or _code_below(lines, end)
            message = f"{message}\n{beside}" if beside else message
        yield Block(_cells(begin[0], message, lines[at][: begin.start()], label), at, end)
        at, label, free = end, "", end


def _is_no_success(line: str, sentence: re.Match[str]) -> bool:
    """Tell whether a line speaks of a sentence of success that is asked for, denied or yet to come."""
    own = line[sentence.start() :]
    return not _FAILED.search(own) and not tells_success(line, sentence.start(), sentence.end())


def _code_above(lines: Sequence[str], at: int, free: int) -> str:
    """Return the line above a sentence that tells its code, "" where none does.

    Args:
        lines: Of the text.
        at: Where the sentence stands.
        free: The first line that belongs to no sentence before it.
    """
    near = reversed(lines[max(free, at - 2 * _ABOVE) : at])
    for line in [bare for line in near if (bare := line.strip(_MARKS))][:_ABOVE]:
        if _CODE_LINE.search(line[:SEARCHED]):
            return line
        if not line.endswith(":"):
            break
    return ""


def _code_below(lines: Sequence[str], end: int) -> str:
    """Return the next line below a sentence where it is short and tells its code, "" where it does not."""
    below = next((bare for line in lines[end : end + 2] if (bare := line.strip(_MARKS))), "")
    if len(below) > _SHORT or not _CODE_LINE.search(below):
        return ""
    other = _TIMED.match(below) or _number_in(below) or _pattern().search(below)
    return "" if other else below


def _end(lines: Sequence[str], at: int) -> int:
    """Return the line behind a message: a blank one ends it, but for one that stands behind a comma."""
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if not line.strip() and not lines[end - 1].rstrip().endswith(","):
            break
        if _TIMED.match(line) or _number_in(line[:SEARCHED]) or _pattern().search(line[:SEARCHED]):
            break
        end += 1
    return end


def _behind_error(lines: Sequence[str], end: int) -> int:
    """Return the line behind the error that Windows writes below a message, behind a blank line."""
    at = end
    while at < len(lines) and at < end + _ERROR_WITHIN:
        if _ERROR.match(lines[at]) and not _pattern().match(lines[at].lstrip(_MARKS)):
            return at + 1
        if lines[at].strip() and not _IDENTIFIES.match(lines[at]):
            break
        at += 1
    return end


def _cells(begins: str, message: str, before: str, label: str) -> dict[str, str]:
    sentence = _sentences()[begins]
    own = sentence.numbers if sentence.holds in message else ()
    shown = {"provider": sentence.provider, "message": message}
    row = _ROW.fullmatch(before.strip(_MARKS))
    if row:
        at = row[1].strip(_MARKS)
        return {**shown, "event_id": _one_of(own, row[2]), "at": at if is_dated(at) else ""}
    bare = before.strip(_MARKS + ":-")
    beside = bare if bare in own else _number_in(before[-_BESIDE:]) or _number_in(label[-_BESIDE:])
    return {**shown, "event_id": _one_of(own, beside)}


def _one_of(own: tuple[str, ...], beside: str) -> str:
    """Return the number of an event whose sentence tells some and beside which one may stand."""
    return beside if not own or beside in own else own[0]


def _number_in(text: str) -> str:
    """Return the last number that a text calls the number of an event, "" for none."""
    found = _numbered().findall(text)
    return found[-1] if found else ""


def _by_number(lines: Sequence[str], at: int) -> Block | None:
    """Return the event whose number a line tells, where what stands there and below it shows whose it is."""
    number = "" if _SEVERAL.search(lines[at][:_SHORT]) else _number_in(lines[at][:SEARCHED])
    parts = [part for part in _parts() if number and part.first <= int(number) <= part.last]
    if not parts:
        return None
    end = at + 1
    while end < len(lines) and end <= at + _PART_LINES:
        line = lines[end][:SEARCHED]
        if _number_in(line) or _pattern().search(line) or not (line.strip() or lines[end - 1].strip()):
            break
        end += 1
    message = "\n".join(line.strip() for line in lines[at:end]).strip()
    part = next((part for part in parts if part.word in message), None)
    if part is None or not _CODE.search(message) or _pattern().search(message):
        return None
    return Block({"provider": part.provider, "event_id": number, "message": message}, at, end)


@cache
def _numbered() -> re.Pattern[str]:
    """Return how a text calls a number that of an event, in the languages of the Event Viewer."""
    words = sorted((word for word, column in words_of().items() if column == "event_id"), key=len)
    named = "|".join(re.escape(word) for word in reversed(words) if word != "event id")
    called = rf"\bevents?(?:[ -]?ids?| errors?)?|^\W{{0,4}}ids?|(?<!\w)(?:{named})"
    return re.compile(rf"(?i)(?:{called})\W{{0,6}}(\d{{1,5}})\b(?![-/.:]\d)")


@cache
def _parts() -> tuple[_Part, ...]:
    rows = read_facts("event_parts").iter_rows(named=True)
    return tuple(_Part(row["word"], row["provider"], int(row["first"]), int(row["last"])) for row in rows)


@cache
def _sentences() -> dict[str, _Sentence]:
    return {
        row["begins"]: _Sentence(row["holds"] or "", row["provider"], _numbers(row["event_id"]))
        for row in read_facts("event_sentences").iter_rows(named=True)
    }


def _numbers(cell: str | None) -> tuple[str, ...]:
    return tuple(cell.split(SEVERAL)) if cell else ()


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_sentences(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + ")")
