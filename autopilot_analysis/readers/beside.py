"""What stands in a text beside what its own reader reads: a mail or a note holds several forms at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading

Read = Callable[[bytes, str], Reading]
"""Reads the bytes of a member; its path is for messages."""


class Beside(msgspec.Struct, frozen=True):
    """A form that may stand beside others.

    Attributes:
        find: Returns what a text holds of it, None for nothing.
        alone: Whether it is enough where the text holds nothing of what its own reader reads.
    """

    find: Callable[[bytes], Reading | None]
    alone: bool = True


def with_beside(read: Read, *forms: Beside) -> Read:
    """Return a reader that reads these forms too where its text holds them.

    Args:
        read: The reader of what the text is.
        forms: What may stand beside it; their rows follow in this order.
    """

    def read_all(content: bytes, member: str = "") -> Reading:
        found = [(form, reading) for form in forms if (reading := form.find(content)) is not None]
        beside = [reading for _, reading in found]
        try:
            return joined([read(content, member), *beside])
        except NotThisFormat:
            if not any(form.alone for form, _ in found):
                raise
            return joined(beside)

    return read_all


def unless_alone(is_alone: Callable[[bytes], bool], read: Read, otherwise: Read) -> Read:
    """Return a reader that looks for nothing beside what a tool alone has written.

    Args:
        is_alone: Tells whether each line of a text is one of the tool's own.
        read: Reads such a text.
        otherwise: Reads any other, and what stands beside it.
    """

    def read_either(content: bytes, member: str = "") -> Reading:
        return (read if is_alone(content) else otherwise)(content, member)

    return read_either


def joined(readings: Iterable[Reading]) -> Reading:
    """Return several readings of one text as one; events from several places are numbered by their time.

    Args:
        readings: In the order in which their rows shall stand.
    """
    readings = list(readings)
    frames: dict[str, list[pl.DataFrame]] = {}
    for reading in readings:
        for table, frame in reading.rows.items():
            frames.setdefault(table, []).append(frame)
    rows = {
        table: of_table[0] if len(of_table) == 1 else pl.concat(of_table)
        for table, of_table in frames.items()
    }
    if len(frames.get("events", ())) > 1:
        rows["events"] = _in_order(rows["events"])
    return Reading(rows, tuple(gap for reading in readings for gap in reading.unread))


def _in_order(events: pl.DataFrame) -> pl.DataFrame:
    """Return events numbered by their time, since their places in the text follow none."""
    ordered = events.sort("at", nulls_last=True, maintain_order=True)
    return ordered.with_columns(record=pl.int_range(1, pl.len() + 1).cast(events.schema["record"]))
