"""Events pasted into a text -> `events`: what the Event Viewer copies, with words around it."""

from __future__ import annotations

from collections.abc import Mapping

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.event_blocks import blocks_in
from autopilot_analysis.readers.event_log.event_rows import Listed, events_of
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines

SHAPING = 65_536
"""First bytes of a text that show whether it holds events."""


def is_event_text(content: bytes) -> bool:
    """Tell whether a text holds events as people paste them.

    Args:
        content: The whole file.
    """
    return next(blocks_in(split_lines(decode(content[:SHAPING]))), None) is not None


def read_event_text(content: bytes, member: str = "") -> Reading:
    """Return the events of a text, oldest first as far as they are dated, else in the text's own order.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The text holds no event.
    """
    blocks = list(blocks_in(split_lines(decode(content))))
    if not blocks:
        raise NotThisFormat(f"{member or 'the file'} is neither an event log nor a text with events in it.")
    return events_of([_listed(block.cells) for block in blocks], newest_first=False)


def _listed(cells: Mapping[str, str]) -> Listed:
    """Return an event of a text; a user that is shown by a name has no SID to keep."""
    user = cells.get("user_sid", "")
    return Listed({**cells, "user_sid": user if user.startswith("S-1-") else ""})
