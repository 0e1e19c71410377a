"""Events that the Event Viewer copies as text: a line `Word: value` for each property, then the message.

The words are those of the language of Windows. A block may stand anywhere in a text, indented, quoted with
`>` or with blank lines between its own; a message ends where the next block, the XML of its record, a prompt
or the box of an output begins, and where the fence closes that a page puts around what it quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import msgspec

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.pasted_outputs import PROMPT
from autopilot_analysis.patterns import late

LEAST_WORDS = 3
"""So many properties make a block; prose may hold two."""
_LONGEST_WORD = 40
_MOST_BLANK = 2
"""Blank lines that may part two properties of one block."""
_MARKS = " \t\xa0>*|"
"""What a mail, a page or a table puts before or behind a property's word."""
_NUMBER = late(r"\d{1,5}\b")
_PLACEHOLDER = late(r"<[^<>]*>|\[[^\[\]]*\]")
"""What a template has in place of a value."""
_TITLE = late(r"^\s*(?:[-*\u2022#]+\s+\S|\*\*).*|^.{0,120}:[\s*_]*$")
"""What announces the next event of a page: a bullet, a heading, or a line that ends with a colon."""
_ELEMENT = "<Event "
"""How the XML of a record begins."""
_BOX = late(r"^[\s>]{0,20}\+-{10,200}\+")
"""The rule above and below a heading of `dsregcmd`."""
_FENCE = late(r"^[\s>]{0,20}(?:`{3,12}|~{3,12})\s{0,4}$")
"""The line that ends a quoted text in Markdown; right behind the properties it begins the message."""
_SEARCHED = 300
"""No prompt is looked for beyond so many signs of a line."""


class Block(msgspec.Struct, frozen=True):
    """One copied event.

    Attributes:
        cells: What it says under our names; what is left out or a placeholder is absent.
        begin: Its first line, from 0.
        end: The line behind its last; there the XML of the same record may begin.
    """

    cells: Mapping[str, str]
    begin: int
    end: int


class _Head(msgspec.Struct, frozen=True):
    """The properties of a block, and the line behind them."""

    cells: Mapping[str, str]
    end: int


def blocks_in(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the copied events of a text.

    Args:
        lines: Its lines, without their ends.
    """
    at = 0
    while at < len(lines):
        head = _head_at(lines, at)
        if head is None:
            at += 1
            continue
        end = head.end
        fenced = bool(head.cells.get("message"))
        while end < len(lines) and not _ends_message(lines, end):
            if _FENCE.match(lines[end]) and fenced:
                break
            fenced |= bool(lines[end].strip())
            end += 1
        last = _before_title(lines, head.end, end) if end < len(lines) else end
        yield Block(_cells(head, lines, at, last), at, last)
        at = end


def names_xml(line: str) -> bool:
    """Tell whether a line says no more than that the XML of a record follows, or nothing at all.

    Args:
        line: Without its end.
    """
    return not line.strip() or (_property(line) or ("", ""))[0] == "xml"


def _head_at(lines: Sequence[str], begin: int) -> _Head | None:
    """Return the properties that begin in a line, None where no block begins there."""
    cells: dict[str, str] = {}
    at, end = begin, begin
    while at < len(lines) and at - end <= _MOST_BLANK:
        if lines[at].strip():
            column, value = _property(lines[at]) or ("", "")
            if not column or column == "xml" or column in cells:
                break
            cells[column] = value
            end = at + 1
            if column == "message":
                break
        elif not cells:
            return None
        at += 1
    numbered = _NUMBER.match(cells.get("event_id", ""))
    whose = "channel" in cells or "provider" in cells
    return _Head(cells, end) if numbered and whose and len(cells) >= LEAST_WORDS else None


def _property(line: str) -> tuple[str, str] | None:
    """Return our name of a property, and its value; None for any other line."""
    word, colon, value = line.replace("\uff1a", ":", 1).partition(":")
    word = word.strip(_MARKS)
    if not colon or len(word) > _LONGEST_WORD:
        return None
    column = words_of().get(" ".join(word.lower().replace("\u2019", "'").split()))
    return None if column is None else (column, value.strip(_MARKS.replace(">", "")))


def _ends_message(lines: Sequence[str], at: int) -> bool:
    line = lines[at][:_SEARCHED]
    if _ELEMENT in lines[at] or _BOX.match(line) or PROMPT.match(line):
        return True
    named = _property(lines[at])
    return named is not None and (named[0] == "xml" or _head_at(lines, at) is not None)


def _before_title(lines: Sequence[str], begin: int, end: int) -> int:
    """Return where a message ends whose last line, behind a blank one, announces the next block."""
    title = next((at for at in reversed(range(begin, end)) if lines[at].strip()), begin)
    if title > begin and _TITLE.match(lines[title]) and not lines[title - 1].strip(_MARKS):
        return title if _head_at(lines, end) is not None else end
    return end


def _cells(head: _Head, lines: Sequence[str], begin: int, end: int) -> dict[str, str]:
    first = lines[begin]
    margin = first[: len(first) - len(first.lstrip(" \t>"))]
    rest = [_within(line, margin) for line in lines[head.end : end]]
    message = "\n".join([head.cells.get("message", ""), *rest]).strip()
    known = {name: value for name, value in head.cells.items() if not _PLACEHOLDER.fullmatch(value)}
    number = _NUMBER.match(head.cells["event_id"])
    return {**known, "event_id": number[0] if number else "", "message": message}


def _within(line: str, margin: str) -> str:
    """Return a line without what stands before each line of its block, and without blanks at its end."""
    return "" if line.strip() == margin.strip() else line.removeprefix(margin).rstrip()


@cache
def words_of() -> dict[str, str]:
    """Return our name of each property by the word for it, in lower case and every known language."""
    return dict(read_facts("event_block_words").select("word", "column").iter_rows())
