"""Lists of events as CSV or as text with tabs (Event Viewer, Export-Csv) -> `events`."""

from __future__ import annotations

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.event_lists import ListShape, list_shape, rows_in, without_preface
from autopilot_analysis.readers.event_log.event_chunks import EXPORT_AGAIN
from autopilot_analysis.readers.event_log.lists.event_rows import Listed, events_of, no_events
from autopilot_analysis.readers.reading import REST_MISSING, Reading, Unread
from autopilot_analysis.readers.text import decode

SHAPING = 65_536
"""First bytes of a list or a text that show whether it holds events, and how."""


def is_event_list(content: bytes) -> bool:
    """Tell whether a file begins like a list of events.

    Args:
        content: The whole file.
    """
    return list_shape(decode(content[:SHAPING])) is not None


def read_event_list(content: bytes, member: str = "") -> Reading:
    """Return the events of a list, oldest first, and a gap for rows that are none.

    Args:
        content: The whole file, sound or cut.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The text is no list of events.
    """
    text = without_preface(decode(content))
    shape = list_shape(text[:SHAPING])
    if shape is None:
        raise NotThisFormat.no_events(member, "a list of events")
    listed, strange = [], 0
    rows = rows_in(text, shape.delimiter)
    next(rows, None)
    for row in rows:
        if (event := _listed(row, shape)) is not None:
            listed.append(event)
        elif any(cell.strip() for cell in row):
            strange += 1
    return events_of(listed, _unread(text, strange))


def _listed(row: list[str], shape: ListShape) -> Listed | None:
    """Return the event of a row, None where the row has no number of an event in its place."""
    last = max(shape.columns.values())
    cells = [*row[:last], shape.delimiter.join(row[last:])] if shape.columns.get("message") == last else row
    known = {name: cells[place].strip() for name, place in shape.columns.items() if place < len(cells)}
    number = known.get("event_id", "")
    return Listed(known) if number.isascii() and number.isdigit() and len(number) < 7 else None


def _unread(text: str, strange: int) -> list[Unread]:
    """Return one gap for rows that are no events, and one for a list that breaks off within a message."""
    unread = []
    if text.count('"') % 2:
        reason = f"the list breaks off within the message of its last event; {REST_MISSING}"
        unread.append(Unread(reason, advice=EXPORT_AGAIN))
    if strange:
        unread.append(no_events("rows", strange))
    return unread
