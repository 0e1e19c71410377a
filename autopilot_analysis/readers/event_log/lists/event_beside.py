"""Events that a text holds beside what its own reader reads, as a mail with a join state does."""

from __future__ import annotations

from collections.abc import Callable

from autopilot_analysis.readers.event_log.lists.event_text import is_event_text, read_event_text
from autopilot_analysis.readers.reading import Reading


def with_events(read: Callable[[bytes, str], Reading]) -> Callable[[bytes, str], Reading]:
    """Return a reader that reads the events of its text too.

    Args:
        read: The reader of what the text is.
    """

    def read_both(content: bytes, member: str = "") -> Reading:
        own = read(content, member)
        if not is_event_text(content):
            return own
        events = read_event_text(content, member)
        return Reading({**own.rows, **events.rows}, (*own.unread, *events.unread))

    return read_both
