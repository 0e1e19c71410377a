"""Messages of events that people quote without anything else: an event is known by its own sentence.

A sentence that Windows writes for one event alone tells its number; of others the number is known only where
it stands beside the sentence, as in a row of a list or behind the word Event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.event_blocks import Block
from autopilot_analysis.facts.event_lists import is_dated

_SEARCHED = 4096
"""Characters of a line in which a sentence is looked for."""
_MARKS = " \t\xa0`*_'\"\u201c\u201d|"
"""What a page puts around a sentence, behind a number or a time."""
_NUMBERED = re.compile(r"(?i)\bevents?(?:[ -]?ids?)?\W{0,6}(\d{1,5})\b(?![-/.:]\d)")
_ROW = re.compile(r"(.{0,60}?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?)\s+(\d{1,5})")
_CODE = re.compile(r"\b0x[89a-fA-F][0-9a-fA-F]{7}\b")
_FAILED = re.compile(r"(?i)\bfail|\bunable\b")
_CODE_LINE = re.compile(
    r"(?i)(?:code|error|hresult|result|status)\W{0,4}(?:\w{1,20}\W{1,4})?0x[89a-f][0-9a-f]{7}\b"
)
"""A line that tells a result code, as one beside a sentence that says it in words alone."""
_ABOVE = 2
"""Lines above a sentence that are looked at for its code, which a bare label may part from it."""
_SHORT = 80
"""A longer line below a sentence tells of something else."""
_TIMED = re.compile(r"\W{0,8}(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?\s+)?\d{1,2}:\d\d\b")


@dataclass(frozen=True)
class _Sentence:
    """How the message of an event begins, what else stands in it, and whose it is."""

    holds: str
    provider: str
    event_id: str


def sentences_in(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the events of a text that are no more than their messages.

    Args:
        lines: Of a text, without their ends.
    """
    at, label, free = 0, "", 0
    while at < len(lines):
        begin = _pattern().search(lines[at][:_SEARCHED])
        if begin is None:
            label = lines[at] or label
            at += 1
            continue
        end = _end(lines, at)
        message = "\n".join([lines[at][begin.start() :], *lines[at + 1 : end]])
        message = "\n".join(line.strip() for line in message.split("\n")).rstrip(_MARKS + "\n")
        if _FAILED.search(message) and not _CODE.search(message):
            beside = _code_above(lines, at, free) or _code_below(lines, end)
            message = f"{message}\n{beside}" if beside else message
        yield Block(_cells(begin[0], message, lines[at][: begin.start()], label), at, end)
        at, label, free = end, "", end


def _code_above(lines: Sequence[str], at: int, free: int) -> str:
    """Return the line above a sentence that tells its code, "" where none does.

    Args:
        lines: Of the text.
        at: Where the sentence stands.
        free: The first line that belongs to no sentence before it.
    """
    near = reversed(lines[max(free, at - 2 * _ABOVE) : at])
    for line in [bare for line in near if (bare := line.strip(_MARKS))][:_ABOVE]:
        if _CODE_LINE.search(line[:_SEARCHED]):
            return line
        if not line.endswith(":"):
            break
    return ""


def _code_below(lines: Sequence[str], end: int) -> str:
    """Return the next line below a sentence where it is short and tells its code, "" where it does not."""
    below = next((bare for line in lines[end : end + 2] if (bare := line.strip(_MARKS))), "")
    if len(below) > _SHORT or not _CODE_LINE.search(below):
        return ""
    other = _TIMED.match(below) or _NUMBERED.search(below) or _pattern().search(below)
    return "" if other else below


def _end(lines: Sequence[str], at: int) -> int:
    """Return the line behind a message: a blank one ends it, but for one that stands behind a comma."""
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if not line.strip() and not lines[end - 1].rstrip().endswith(","):
            break
        if _TIMED.match(line) or _NUMBERED.search(line[:_SEARCHED]) or _pattern().search(line[:_SEARCHED]):
            break
        end += 1
    return end


def _cells(begins: str, message: str, before: str, label: str) -> dict[str, str]:
    sentence = _sentences()[begins]
    own = sentence.event_id if sentence.holds in message else ""
    shown = {"provider": sentence.provider, "message": message}
    row = _ROW.fullmatch(before.strip(_MARKS))
    if row:
        at = row[1].strip(_MARKS)
        return {**shown, "event_id": own or row[2], "at": at if is_dated(at) else ""}
    numbers = _NUMBERED.findall(before[-80:]) or _NUMBERED.findall(label[-80:])
    return {**shown, "event_id": own or (numbers[-1] if numbers else "")}


@cache
def _sentences() -> dict[str, _Sentence]:
    return {
        row["begins"]: _Sentence(row["holds"] or "", row["provider"], row["event_id"] or "")
        for row in read_facts("event_sentences").iter_rows(named=True)
    }


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_sentences(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + ")")
