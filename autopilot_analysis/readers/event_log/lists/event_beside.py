"""Events that a text holds beside what its own reader reads, as a mail with a join state does."""

from __future__ import annotations

from collections.abc import Callable

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.event_log.lists.event_text import is_event_text, read_event_text
from autopilot_analysis.readers.reading import Reading


def with_events(read: Callable[[bytes, str], Reading]) -> Callable[[bytes, str], Reading]:
    """Return a reader that reads the events of its text too, or alone where the text holds nothing else.

    Args:
        read: The reader of what the text is.
    """

    def read_both(content: bytes, member: str = "") -> Reading:
        holds_events = is_event_text(content)
        try:
            own = read(content, member)
        except NotThisFormat:
            if not holds_events:
                raise
            return read_event_text(content, member)
        if not holds_events:
            return own
        events = read_event_text(content, member)
        return Reading({**own.rows, **events.rows}, (*own.unread, *events.unread))

    return read_both
