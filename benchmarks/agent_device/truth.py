"""The truth about each try, and when a log still shows enough of it to be held against a reader.

A field without an entry is undecidable and is not scored; an entry of None demands null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from agent_device.records import Record

SLACK = timedelta(seconds=2)
TEXTS = {"output", "error"}
GONE = Record(datetime.min.replace(tzinfo=UTC), "", "", lost=True)


@dataclass(frozen=True)
class Within:
    """An instant or a span that any line from the first to the last may fairly give."""

    low: datetime | timedelta
    high: datetime | timedelta

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"

    def holds(self, value: object) -> bool:
        if not isinstance(value, type(self.low)):
            return False
        return self.low - SLACK <= value <= self.high + SLACK  # type: ignore[operator]


@dataclass(frozen=True)
class OneOf:
    values: frozenset[object]

    def __str__(self) -> str:
        return f"one of {sorted(map(str, self.values))}"

    def holds(self, value: object) -> bool:
        return value in self.values


@dataclass(frozen=True)
class NotOneOf:
    values: frozenset[object]

    def __str__(self) -> str:
        return f"none of {sorted(map(str, self.values))}"

    def holds(self, value: object) -> bool:
        return value not in self.values


@dataclass(frozen=True)
class Texts:
    """Texts each of which must stand, whole, among the texts of the row."""

    values: tuple[str, ...]

    def holds(self, value: object) -> bool:
        return isinstance(value, frozenset) and all(plain(text) in value for text in self.values)


@dataclass(frozen=True)
class Located:
    """A line of one of these members, from first to last."""

    spans: dict[str, tuple[int, int]]

    def holds(self, value: object) -> bool:
        member, line = value  # type: ignore[misc]
        first, last = self.spans.get(member, (1, 0))
        return first <= line <= last


Expected = object


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def one_of(*values: object) -> OneOf:
    return OneOf(frozenset(values))


def between(first: Record, last: Record) -> Within:
    return Within(first.at, last.at)


def agrees(expected: Expected, value: object) -> bool:
    if isinstance(expected, Within | OneOf | NotOneOf | Texts | Located):
        return expected.holds(value)
    return expected == value


@dataclass(eq=False)
class Try:
    """One try at one item.

    `views` are the ways to see it whole, one a log or more: it must be found when all records of one view
    are there, may be found when some are, cannot be when none is. `proofs` bind a field to records in the
    same way.
    """

    kind: str
    item: str
    fields: dict[str, Expected]
    views: list[list[Record]]
    proofs: dict[str, list[list[Record]]] = field(default_factory=dict)
    loose: dict[str, Expected] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return any(is_there(view) for view in self.views)

    @property
    def visible(self) -> bool:
        return any(not record.lost for view in self.views for record in view)

    def scored(self) -> dict[str, Expected]:
        """Return the fields that what is left of the logs decides."""
        scored = {}
        for name, expected in self.fields.items():
            ways = self.proofs.get(name)
            if ways is None or any(is_there(way) for way in ways):
                scored[name] = expected
            elif name in self.loose:
                scored[name] = self.loose[name]
        return scored

    def located(self, margin: int) -> Located:
        """Return the lines at which a reader may fairly point, once the logs are written."""
        spans: dict[str, tuple[int, int]] = {}
        for record in (record for view in self.views for record in view if not record.lost):
            line = record.line or 0
            first, last = spans.get(record.member, (line - margin, line + margin))
            spans[record.member] = (min(first, line - margin), max(last, line + margin))
        return Located(spans)

    def share_the_log(self, log: str) -> None:
        """Let this log prove nothing of how the run ended, for another run wrote into it at the same time."""
        told_elsewhere = [view for view in self.views if all(record.log != log for record in view)]
        for name in (
            "exit_code",
            "outcome",
            "ended_at",
            "waited",
            "output",
            "error",
            "detected_before",
            "detected_after",
        ):
            ways = self.proofs.get(name, self.views)
            left = [way for way in ways if all(record.log != log for record in way)]
            self.proofs[name] = left or (told_elsewhere if name not in TEXTS else []) or [[GONE]]
            self.loose.pop(name, None)

    def line(self) -> Record | None:
        left = [record for view in self.views for record in view if not record.lost]
        return left[0] if left else None


def is_there(records: list[Record]) -> bool:
    return all(not record.lost for record in records)


def spanning(started: Within, ended: Within) -> Within:
    return Within(ended.low - started.high, ended.high - started.low)  # type: ignore[operator]


def timed(started: Within, ended: Within) -> Mapping[str, Expected]:
    return {"started_at": started, "ended_at": ended, "waited": spanning(started, ended)}
