"""Texts into which people paste events: how one is known, and which channel its first event is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from autopilot_analysis.facts.event_blocks import Block, blocks_in
from autopilot_analysis.facts.event_lists import channel_of_record
from autopilot_analysis.facts.event_screens import lists_in, tables_in
from autopilot_analysis.facts.event_sentences import sentences_in
from autopilot_analysis.facts.pasted_outputs import PROMPT
from autopilot_analysis.patterns import late

EVENT_ELEMENT = late(r"<Event\s+xmlns\s*=\s*[\"']http://schemas\.microsoft\.com/win/2004/08/events/event")
"""How the XML of one record begins."""
CHANNEL = late(r"<Channel>([^<]{1,256})</Channel>")
_PROVIDER = late(r"<Provider\s+Name\s*=\s*[\"']([^\"'<>]{1,256})[\"']")
_NUMBER = late(r"<EventID(?:\s[^<>]{0,64})?>(\d{1,5})</EventID>")

_COMMAND = 1024
"""Characters of a line in which a command is looked for."""
_ASKS = late(
    r"(?i)(?:-LogName\s{1,8}|\bLogName\s{0,8}=\s{0,8}|\bwevtutil(?:\.exe)?\s{1,8}(?:qe|query-events)\s{1,8})"
    r"(?:[\"'“‘](?P<quoted>[^\"'”’*$\n]{1,200})[\"'”’]|"
    r"(?P<bare>[^\s\"'“‘;,|*$}@(][^\s\"'“‘;,|*}@(]{0,200}(?![^\s;|}])))(?!\s{0,8},)"
)
"""How a command names the one log that it asks for."""


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


def channel_quoted(text: str) -> str | None:
    """Return the first channel that the messages which a text quotes tell; "" where none does.

    Args:
        text: The beginning of a file.

    Returns:
        None for a text without such a message.
    """
    channels = [channel_of_record(block.cells) for block in sentences_in(text.splitlines())]
    return next(filter(None, channels), "") if channels else None


def pasted_in(lines: Sequence[str]) -> list[Block]:
    """Return the events of a text that are no XML, in its order.

    Args:
        lines: Its lines, without their ends.
    """
    shown = [*tables_in(lines), *lists_in(lines)]
    rest = list(lines)
    for block in shown:
        rest[block.begin : block.end] = [""] * (block.end - block.begin)
    return sorted([*_of_their_logs(shown, lines), *blocks_in(rest)], key=_begin)


def _of_their_logs(shown: Sequence[Block], lines: Sequence[str]) -> Iterator[Block]:
    """Yield records that PowerShell showed; those that name neither log nor provider are of the log above.

    That is the one which the last command before them asks for.
    """
    logs = [(at, log) for at, line in enumerate(lines) if (log := _asked(line)) is not None]
    for block in shown:
        named = block.cells.get("channel") or block.cells.get("provider")
        above = [log for at, log in logs if at < block.begin]
        known = named or not above or not above[-1]
        yield block if known else replace(block, cells={**block.cells, "channel": above[-1]})


def _asked(line: str) -> str | None:
    """Return the log that a command asks for; "" for another command or several logs, None for no command."""
    if hit := _ASKS.search(line[:_COMMAND]):
        return (hit["quoted"] or hit["bare"]).strip()
    return "" if PROMPT.match(line) or "-logname" in line.lower() else None


def _begin(block: Block) -> int:
    return block.begin


def _channel_of_element(text: str) -> str:
    """Return the channel of the record that a text begins with, as far as what is whole of it tells."""
    shown = {"channel": CHANNEL, "provider": _PROVIDER, "event_id": _NUMBER}
    found = {name: hit[1] for name, pattern in shown.items() if (hit := pattern.search(text))}
    return channel_of_record(found)
