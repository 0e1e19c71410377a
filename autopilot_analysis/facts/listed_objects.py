"""Objects that PowerShell shows as `Name : value`, one property a line: where they stand in a text.

Its command is Format-List: all names of an object are filled up to one width, so that their colons stand in
one column, and a long value goes on in lines that begin behind it. Which names show what an object is stands
in `facts/listed_objects.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

import msgspec

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.pasted_outputs import PROMPT

WHOLE, PART = "list", "listed"
"""A text that is nothing but such objects; one that holds some of a known kind among other words."""
UNCLAIMED = "Listed object"
"""Begins the section of an object of no known kind: nothing is drawn from what stands there."""
CHIP = "TPM"
"""The kind of what Windows says of the TPM, which is the section of its properties."""
LEAST = 3
"""Fewer properties make no object of an unknown kind."""
SEARCHED = 4096
"""Characters of a line of a text in which a name or a sentence is looked for."""
LINES_PER_OTHER = 4
"""A text with more than one other line to so many lines of objects is more than a list."""
_PAIR = re.compile(
    r"(?P<margin>[ \t>]{0,64}+)(?P<name>[A-Za-z@][\w.@/()-]{0,127}+(?: [\w.@/()-]{1,64}+){0,6}+)"
    r"(?P<gap>[ \t]{0,128}+)"
    r":(?:\s(?P<value>.*)|)$",
    re.DOTALL,
)
_COMPOUND = re.compile(r"[a-z][A-Z]")
_RULER = re.compile(r"[-=*\s]*+$")
"""A ruler, or a blank line."""


class Kind(msgspec.Struct, frozen=True):
    """What is known of the objects of one kind.

    Attributes:
        name: What they are.
        signs: Sets of names in lower case; one of them, whole, shows the kind.
        subjects: Names whose values tell which object it is.
        becomes: Our name of a property, for its own in lower case; None for one that is not kept.
        parts: The pattern of what counts of a value, for its name in lower case.
        only_where: Names in lower case that tell what they become only where their pattern fits.
        shown: Our names of the properties that say the most of such an object.
    """

    name: str
    signs: tuple[frozenset[str], ...]
    subjects: tuple[str, ...]
    becomes: Mapping[str, str | None]
    parts: Mapping[str, re.Pattern[str]]
    only_where: frozenset[str] = frozenset()
    shown: tuple[str, ...] = ()


class ListedObject(msgspec.Struct):
    """One object: its kind, None where none is known, and its properties with the line of each, from 0."""

    kind: Kind | None
    begin: int
    end: int
    values: dict[str, str] = msgspec.field(default_factory=dict)
    lines: dict[str, int] = msgspec.field(default_factory=dict)


def listed_in(text: str) -> str | None:
    """Tell whether a text holds such objects: `WHOLE`, `PART`, or None.

    Args:
        text: The beginning of a file; its last object may be cut.
    """
    if not re.search(r"\w[ \t]{0,128}:(?:\s|$)", text[: 4 * SEARCHED]):
        return None
    lines = text.splitlines()
    found = list(objects_in(lines))
    inside = sum(each.end - each.begin for each in found)
    if found and inside >= LINES_PER_OTHER * _other_lines(lines, found):
        return WHOLE
    return PART if any(each.kind for each in found) else None


def objects_in(lines: Sequence[str]) -> Iterator[ListedObject]:
    """Yield the objects of a text, in its order.

    Args:
        lines: Of a text, without their ends.
    """
    at = 0
    while at < len(lines):
        pair = _PAIR.match(lines[at][:SEARCHED])
        if pair is None or not (pair["gap"] or pair["name"].lower() in _names()):
            at += 1
            continue
        found = _object(lines, at, pair)
        at = max(found.end, at + 1)
        if found.kind or len(found.values) >= LEAST:
            yield found


def _other_lines(lines: Sequence[str], found: Sequence[ListedObject]) -> int:
    """Count the lines that belong to no object and are no prompt."""
    inside = {at for each in found for at in range(each.begin, each.end)}
    return sum(
        at not in inside and not _RULER.match(line[:SEARCHED]) and not PROMPT.match(line[:SEARCHED])
        for at, line in enumerate(lines)
    )


def _object(lines: Sequence[str], begin: int, first: re.Match[str]) -> ListedObject:
    """Return the object that begins with a pair."""
    margin, colon = len(first["margin"]), first.end("gap")
    pieces: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    at, last = begin, ""
    while at < len(lines):
        line = lines[at]
        pair = _PAIR.match(line[:SEARCHED])
        aligned = pair is not None and (pair.end("gap") == colon or pair["name"].lower() in _names())
        if pair and aligned and len(pair["margin"]) == margin:
            last = pair["name"]
            if last in pieces:
                break
            pieces[last], places[last] = [line[pair.end("gap") + 1 :].lstrip(" ")], at
        elif _goes_on(lines, at, colon):
            pieces[last].append(line[colon + 1 :].lstrip(" "))
        else:
            break
        at += 1
    values = {name: _joined(value) for name, value in pieces.items()}
    return ListedObject(_kind_of(values), begin, at, values, places)


def _goes_on(lines: Sequence[str], at: int, colon: int) -> bool:
    """Tell whether a line belongs to the value above it; a blank one does where more of the value follows."""
    if lines[at].strip():
        return lines[at][: colon + 1].isspace()
    following = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    return len(following) > colon and following[: colon + 1].isspace()


def _joined(pieces: Sequence[str]) -> str:
    """Return a wrapped value: a line that is full was broken inside a word, another one between two."""
    width = max(map(len, pieces))
    text = pieces[0]
    for before, piece in pairwise(pieces):
        inside = len(before) == width and not before.endswith(" ")
        text = text + piece if inside else f"{text.rstrip()} {piece}"
    return text.strip()


def _kind_of(values: Mapping[str, str]) -> Kind | None:
    names = {name.lower() for name in values}
    return next((kind for kind in kinds() if any(sign <= names for sign in kind.signs)), None)


@cache
def _names() -> frozenset[str]:
    """Return the names that count although their colon stands elsewhere, as a page or a mail may move it.

    A name that is one plain word, such as Status, stands before a colon in many other texts.
    """
    names = (row["name"] for row in read_facts("listed_objects").iter_rows(named=True))
    return frozenset(name.lower() for name in names if _COMPOUND.search(name))


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind of `facts/listed_objects.csv`."""
    rows: dict[str, list[dict[str, str | None]]] = {}
    for row in read_facts("listed_objects").iter_rows(named=True):
        rows.setdefault(str(row["kind"]), []).append(row)
    return tuple(_kind(name, own) for name, own in rows.items())


def _kind(name: str, rows: Sequence[Mapping[str, str | None]]) -> Kind:
    """Return a kind by its rows, one a property; a property is compared in lower case."""
    named = [(str(row["name"]).lower(), row) for row in rows]
    signs: dict[str, set[str]] = {}
    for low, row in named:
        if (role := row["role"] or "").startswith("sign"):
            signs.setdefault(role, set()).add(low)
    called = {low: row["becomes"] or str(row["name"]) for low, row in named}
    return Kind(
        name=name,
        signs=tuple(map(frozenset, signs.values())),
        subjects=tuple(low for low, row in named if row["role"] == "subject"),
        becomes={low: None if row["role"] == "ignored" else called[low] for low, row in named},
        parts={low: re.compile(row["part"]) for low, row in named if row["part"]},
        only_where=frozenset(low for low, row in named if row["role"] == "where"),
        shown=tuple(dict.fromkeys(called[low] for low, row in named if row["shown"])),
    )
