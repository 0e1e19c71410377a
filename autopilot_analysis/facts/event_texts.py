"""Texts into which people paste events: how one is known, and which channel its first event is of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autopilot_analysis.facts.event_blocks import Block, blocks_in
from autopilot_analysis.facts.event_lists import channel_of_record
from autopilot_analysis.facts.event_screens import lists_in, tables_in

EVENT_ELEMENT = re.compile(
    r"<Event\s+xmlns\s*=\s*[\"']http://schemas\.microsoft\.com/win/2004/08/events/event"
)
"""How the XML of one record begins."""
CHANNEL = re.compile(r"<Channel>([^<]{1,256})</Channel>")
_PROVIDER = re.compile(r"<Provider\s+Name\s*=\s*[\"']([^\"'<>]{1,256})[\"']")
_NUMBER = re.compile(r"<EventID(?:\s[^<>]{0,64})?>(\d{1,5})</EventID>")


def channel_pasted(text: str) -> str | None:
    """Return the channel of the first event of a text, as far as it tells; "" for one that does not.

    Args:
        text: The beginning of a file.

    Returns:
        None for a text without an event.
    """
    element = EVENT_ELEMENT.search(text)
    if element is not None:
        return _channel_of_element(text[element.start() :])
    blocks = pasted_in(text.splitlines())
    return channel_of_record(blocks[0].cells) if blocks else None


def pasted_in(lines: Sequence[str]) -> list[Block]:
    """Return the events of a text that are no XML, in its order.

    Args:
        lines: Its lines, without their ends.
    """
    shown = [*tables_in(lines), *lists_in(lines)]
    rest = list(lines)
    for block in shown:
        rest[block.begin : block.end] = [""] * (block.end - block.begin)
    return sorted([*shown, *blocks_in(rest)], key=_begin)


def _begin(block: Block) -> int:
    return block.begin


def _channel_of_element(text: str) -> str:
    """Return the channel of the record that a text begins with, as far as what is whole of it tells."""
    shown = {"channel": CHANNEL, "provider": _PROVIDER, "event_id": _NUMBER}
    found = {name: hit[1] for name, pattern in shown.items() if (hit := pattern.search(text))}
    return channel_of_record(found)
