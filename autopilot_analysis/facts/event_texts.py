"""Texts into which people paste events: how one is known, and which channel its first event is of."""

from __future__ import annotations

from autopilot_analysis.facts.event_blocks import blocks_in
from autopilot_analysis.facts.event_lists import channel_of_record


def channel_pasted(text: str) -> str | None:
    """Return the channel of the first event of a text, as far as it tells; "" for one that does not.

    Args:
        text: The beginning of a file.

    Returns:
        None for a text without an event.
    """
    block = next(blocks_in(text.splitlines()), None)
    return None if block is None else channel_of_record(block.cells)
