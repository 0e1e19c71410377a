"""The shape of an answer: what happened, since when, why, what to do, the proof, what could not be seen.

One function builds it; a page, a notebook, a terminal and a ticket only lay it out.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.defaults import Option
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.tables.outcomes import FINISHED

MOST_LINES = 25
LEAST_LINES = 8
"""Lines below which the worst device's answer is not begun behind the lines of all."""
MOST_DEVICES = 20
MOST_NAMED = 3
"""Devices that went alike and are named in their line; the others are counted."""
LEAST_FAILED = 2
"""One device that failed says by itself what happened."""
SHORT_ID = 8
"""Digits of an id that one screen shows."""
SHORTENED = ("text", "remedy")
"""Kinds of lines in which ids are shown short."""
LONGEST_HEADLINE = 130
"""Signs of a first line above which pieces of it that stand below as well give way: a mail's subject."""
WIDTH = 110
"""Signs of a line of an answer."""


@dataclass(frozen=True)
class Line:
    """One statement of a section; `place` is where it comes from: a member and record, or a page."""

    text: str
    kind: str = "text"
    """text, quote (a record's own words), proof (a record), remedy, command (for the device's owner)."""
    place: str = ""
    address: str | None = None
    """Of the page that a remedy stands on, where it is known; it is never asked for."""
    device: str = ""
    """Whose record a proof is, in an answer on many devices."""
    aside: bool = False
    """Whether one screen leaves it out, for it changes nothing of the answer."""

    @property
    def whole_place(self) -> str:
        """The place of a proof, behind the device where an answer is on many."""
        return f"{self.device}: {self.place}" if self.device else self.place


class Part(StrEnum):
    """What the parts of an answer are called."""

    HAPPENED = "What happened"
    HOLDS = "What it holds"
    SINCE = "Since when"
    WHY = "Why"
    WORDS = "In its own words"
    TO_DO = "What to do"
    PROOF = "Proof"
    OTHERS = "Also found"
    ATTEMPT = "The attempt"
    COSTS = "What it costs"
    UNSEEN = "Not seen"
    READ_AS = "Read as"
    UNREAD = "Not read"
    ASK_FOR = "Ask for"


LABELS = max(map(len, Part)) + 1
"""Signs of the label before a line: the longest, and a space."""


@dataclass(frozen=True)
class Section:
    """One part of the answer, such as "What to do"."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Answer:
    """What there is to say about one device or one fleet, the most important first."""

    subject: str
    verdict: str
    outcome: str
    sections: tuple[Section, ...]
    title: str = ""
    """Of a document of its own; empty where the notebook's title stands."""
    zones: Mapping[str, str] = field(default_factory=dict)
    """IANA names of the time zones of the devices that it is about, as far as they are known."""
    device: str = ""
    """The device's key in the tables, where the subject is a name that says more to people."""
    gives_way: tuple[str, ...] = ()
    """Pieces of the verdict that stand under Part.HAPPENED too: a long first line does without them."""
    alone: bool = False
    """Whether it is about one attempt among deployments, with which nothing can be compared."""

    @property
    def key(self) -> str:
        """The device's key in the tables."""
        return self.device or self.subject

    @property
    def headline(self) -> str:
        """The verdict as a first line has it: ids short, less what gives way where it is long."""
        text = _short_ids(self.verdict)
        for piece in map(_short_ids, self.gives_way):
            if len(f"{self.subject}: {text}") <= LONGEST_HEADLINE:
                break
            text = text.replace(piece, "", 1)
        return text

    def __repr__(self) -> str:
        """Return the answer as a terminal shows it."""
        return "\n".join(self.in_lines())

    def in_lines(self, most: int = MOST_LINES) -> list[str]:
        """Return the answer as lines of text: the subject and its verdict, then what there is room for.

        Args:
            most: Lines in all; what does not fit is counted in the last of them.
        """
        brief = most <= MOST_LINES
        first = self.headline if brief else self.verdict
        sections = list(_brief(self.sections, first) if brief else self.sections)
        left = _height(sections)
        sections = _each_begun(_with_room(sections, most - 2), most - 2)
        left -= _height(sections)
        lines = [line for section in sections for line in _laid_out(section)]
        lines = [f"{self.subject}: {first}", *lines]
        if len(lines) + left > most:
            shown = lines[: most - 1]
            more = wording.count(len(lines) + left - len(shown), "more line")
            lines = [*shown, f"({more}; see {Option.ALL})"]
        return [quoting.one_line(line) for line in lines]

    def markdown(self) -> str:
        """Return the answer as Markdown for a ticket."""
        parts = [f"# {_escaped(self.subject)}: {_escaped(self.verdict)}"]
        for section in self.sections:
            parts.append(f"**{section.label}**")
            parts.append("\n".join(_as_markdown(line) for line in section.lines))
        return "\n\n".join(parts) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain lists and dictionaries."""
        sections = [
            {"label": section.label, "lines": [vars(line) for line in section.lines]}
            for section in self.sections
        ]
        return {**vars(self), "sections": sections, "markdown": self.markdown()}


@dataclass(frozen=True)
class Answers:
    """The answers for each device of an export, worst first."""

    devices: tuple[Answer, ...]
    together: Answer | None = None
    """What several devices come to together, where that says more than one line for each."""

    def summed(self, together: Answer) -> Answers:
        """Return the same answers behind what the devices come to together.

        Args:
            together: An answer on all of them.
        """
        return replace(self, together=together)

    def __iter__(self) -> Iterator[Answer]:
        """Walk through the devices, worst first."""
        return iter(self.devices)

    def __repr__(self) -> str:
        """Return the one answer, or a line for each device."""
        return "\n".join(self.in_lines())

    def in_lines(self, *, whole: bool = False) -> list[str]:
        """Return the one device's answer, or one line a device and the worst one's answer behind them.

        Devices that went alike share a line.

        Args:
            whole: Every device's answer, without a limit.
        """
        first = (self.together,) if self.together else ()
        if whole:
            return [line for one in (*first, *self.devices) for line in (*one.in_lines(10**6), "")][:-1]
        if len(self.devices) == 1 and not first:
            return self.devices[0].in_lines()
        alike = _alike(self.devices)
        listed = [f"{names_of(subjects)}: {text}" for text, subjects in alike[:MOST_DEVICES]]
        left = sum(len(subjects) for _, subjects in alike[MOST_DEVICES:])
        more = [f"and {wording.count(left, 'more device')}; see {Option.ALL}"] if left else []
        own = [line for one in first for line in (*one.in_lines(), "")]
        lines = [*own, *(quoting.one_line(line) for line in (*listed, *more))]
        return lines if first else [*lines, *self._worst(MOST_LINES - len(lines) - 1)]

    def _worst(self, most: int) -> list[str]:
        """Return the answer of the device that went worst, where it went not well and there is room."""
        if not self.devices or self.devices[0].outcome == "succeeded" or most < LEAST_LINES:
            return []
        worst = self.devices[0]
        _, *lines = worst.in_lines(most)
        return ["", f"{worst.subject} first, the others with {Option.ALL}:", *lines] if lines else []

    def markdown(self) -> str:
        """Return every device's answer as Markdown for a ticket."""
        first = (self.together,) if self.together else ()
        return "\n".join(answer.markdown() for answer in (*first, *self.devices))

    def table(self) -> pl.DataFrame:
        """Return device, outcome, verdict and what happened, one row a device, worst first."""
        rows = [(one.key, one.outcome, one.verdict, _happened(one)) for one in self.devices]
        names = ["device", "outcome", "verdict", "what_happened"]
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def add_up(answers: Answers) -> bool:
    """Tell whether devices have more to tell together than alone: several failed, or none was seen to end.

    Args:
        answers: One for each device.
    """
    ended = [one.outcome for one in answers.devices if one.outcome in FINISHED]
    return not ended or ended.count("failed") >= LEAST_FAILED


_ID = re.compile(rf"(?<![0-9a-zA-Z]){GUID}(?![0-9a-zA-Z])")


def _short_ids(text: str) -> str:
    """Return text with the first `SHORT_ID` digits of each id: as many as tell them apart at a glance."""
    return _ID.sub(lambda found: f"{found[0][:SHORT_ID]}{quoting.CUT}", text)


def _brief(sections: tuple[Section, ...], headline: str) -> Iterator[Section]:
    """Yield the parts of an answer as one screen shows them: less what the first line states, ids short.

    What stands aside is left out.

    Proofs, quotes and commands stay as they are: they lead back to the record.
    """
    for section in sections:
        lines = [
            replace(line, text=_short_ids(line.text)) if line.kind in SHORTENED else line
            for line in section.lines
            if not line.aside
        ]
        first = wording.uncounted(lines[0].text.rstrip(".")) if lines else ""
        if first and section.label == Part.HAPPENED and headline.lower().endswith(first.lower()):
            lines = lines[1:]
        if lines:
            yield Section(section.label, tuple(lines))


def _height(sections: Sequence[Section]) -> int:
    return sum(len(_laid_out(section)) for section in sections)


def _with_room(sections: list[Section], most: int) -> list[Section]:
    """Return sections of which the first remedy has room in so many lines, less what stands before it.

    What a list holds is left out first, then the last of the reasons, then the last of what happened; of each
    the first stays.

    Args:
        sections: In the order in which they are shown.
        most: Lines that there are for them.
    """
    kept = {section.label: section for section in sections}
    if Part.TO_DO not in kept:
        return sections
    first = Section(Part.TO_DO, kept[Part.TO_DO].lines[:1])
    behind = [section.label for section in sections].index(Part.TO_DO)
    while True:
        before = [kept[section.label] for section in sections[:behind] if section.label in kept]
        if _height([*before, first]) <= most:
            break
        if Part.HOLDS in kept:
            del kept[Part.HOLDS]
            continue
        long = next((one for one in _SHORTENED_FIRST if one in kept and len(kept[one].lines) > 1), None)
        if long is None:
            break
        kept[long] = Section(long, kept[long].lines[:-1])
    return [kept[section.label] for section in sections if section.label in kept]


def _each_begun(sections: list[Section], most: int) -> list[Section]:
    """Return sections of which each begins within so many lines, where the unseen can give way for it.

    What was not seen is told in its first statement as far as it decides; the last of the others go first.

    Args:
        sections: In the order in which they are shown.
        most: Lines that there are for them.
    """
    kept = list(sections)
    place = next((n for n, one in enumerate(kept) if one.label == Part.UNSEEN), len(kept) - 1)
    while 0 <= place < len(kept) - 1 and _height(kept[:-1]) + 1 > most and len(kept[place].lines) > 1:
        kept[place] = Section(Part.UNSEEN, kept[place].lines[:-1])
    return kept if _height(kept[:-1]) + 1 <= most else sections


_SHORTENED_FIRST = (Part.WHY, Part.HAPPENED)
"""Parts that give way, the last of their statements first, where a remedy would have no room."""


def _happened(one: Answer) -> str:
    return one.sections[0].lines[0].text


def _alike(devices: tuple[Answer, ...]) -> list[tuple[str, list[str]]]:
    """Return what a line tells of devices, and of which, in the order of the first of each."""
    lines: dict[str, list[str]] = {}
    for one in devices:
        lines.setdefault(f"{one.verdict}{_cause_of(one)}", []).append(one.subject)
    return list(lines.items())


def names_of(subjects: list[str]) -> str:
    """Return the first few devices by name, and how many more there are.

    Args:
        subjects: What the devices are called.
    """
    return wording.listed(subjects, MOST_NAMED)


def _cause_of(one: Answer) -> str:
    """Return what happened behind the verdict, where that does not end with it already."""
    stands_there = one.verdict.lower().endswith(wording.uncounted(_happened(one).rstrip(".")).lower())
    due = one.outcome in ("failed", "unfinished", "unknown") and not stands_there
    return f". {_happened(one)}" if due else ""


def _laid_out(section: Section) -> list[str]:
    """Return a section as lines, its label in a column of its own; long statements are folded, never cut."""
    label, margin = f"{section.label:<{LABELS}}", " " * LABELS
    laid_out = []
    for line in section.lines:
        text = f'"{line.text}"' if line.kind == "quote" else line.text
        whole = f"{line.whole_place}: {text}".rstrip(": ") if line.kind == "proof" else text
        whole = f"{text} ({line.place})" if line.kind == "remedy" and line.place else whole
        flat = quoting.one_line(" ".join(whole.split()))
        laid_out += (
            [flat] if line.kind == "command" else textwrap.wrap(flat, WIDTH - LABELS, break_on_hyphens=False)
        )
    return [(margin if place else label) + text for place, text in enumerate(laid_out)]


def _as_markdown(line: Line) -> str:
    if line.kind == "command":
        return f"    {line.text}"
    if line.kind == "proof":
        return f"- `{line.whole_place.replace('`', chr(39))}`: {_escaped(line.text)}"
    if line.kind == "remedy" and line.place:
        page = _escaped(line.place)
        return f"- {_escaped(line.text)} ({f'[{page}]({line.address})' if line.address else page})"
    return f"> {_escaped(line.text)}" if line.kind == "quote" else f"- {_escaped(line.text)}"


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it stands."""
    flat = quoting.one_line(" ".join(text.split()))
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>#|" else sign for sign in flat)
