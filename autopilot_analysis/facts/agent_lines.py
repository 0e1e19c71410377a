"""Lines of the Intune agent that somebody pasted into a text, and the rest of that text.

A line is the agent's own where it begins with the name of one of its parts, or where it is a whole record of
its log. What stands around such lines is read as if they were not there, and they as if nothing else were.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import msgspec

from autopilot_analysis.facts import read_facts
from autopilot_analysis.patterns import late

BARE = r"^\[(?:Win32App(?:Async)?|HS|StatusService|Win32App DO|Location Service|ProxyPoller)\] \w"
"""How a message of the agent begins without what its log wraps it in: with the part that writes."""
_BARE = late(BARE)
_RECORD = late(r"<!\[LOG\[(?:[^<]|<(?!!\[LOG\[)){0,20000}?\]LOG\]!><time=[^>\r\n]{0,400}>")
"""A whole record of the agent's log."""
_TORN = late(r"(?m)<!\[LOG\[|\]LOG\]!>|^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")
"""What is left of a log where records are torn, or plain dated lines stand between them."""


class Parts(msgspec.Struct, frozen=True):
    """A text in two: each keeps its lines where they stand, and has empty ones for those of the other.

    Attributes:
        agent: The lines of the agent.
        rest: Every other line.
    """

    agent: str
    rest: str


def apart_from_agent_lines(text: str) -> Parts | None:
    r"""Return a text in two where it holds lines of the agent and others; None for any other text.

    Between two of its lines a line with words of a known message is the agent's as well. Of a log with torn
    records nothing is taken apart: what is left of one looks like words that somebody wrote.

    Args:
        text: As somebody may have pasted it.

    Example:
        >>> apart_from_agent_lines("It fails with 0x80070643.\n[Win32App] Creating file stream").rest
        'It fails with 0x80070643.\n'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rest = _RECORD.sub(lambda record: "\n" * record[0].count("\n"), text)
    if rest != text and _TORN.search(rest):
        return None
    agent = _records_alone(text).split("\n")
    lines = rest.split("\n")
    for at in _bare_messages(lines):
        agent[at], lines[at] = lines[at], ""
    if not any(agent) or not any(line.strip() for line in lines):
        return None
    return Parts("\n".join(agent), "\n".join(lines))


def _records_alone(text: str) -> str:
    """Return the whole records of a text, each where it stands, and the line ends between them."""
    pieces, end = [], 0
    for record in _RECORD.finditer(text):
        pieces += ["\n" * text.count("\n", end, record.start()), record[0]]
        end = record.end()
    return "".join([*pieces, "\n" * text.count("\n", end)])


def _bare_messages(lines: Sequence[str]) -> list[int]:
    """Return which lines are messages of the agent without what its log wraps them in."""
    tagged = [at for at, line in enumerate(lines) if _BARE.match(line)]
    between = (
        at
        for first, last in pairwise(tagged)
        for at in range(first + 1, last)
        if any(word in lines[at] for word in _known_words())
    )
    return sorted([*tagged, *between])


@cache
def _known_words() -> tuple[str, ...]:
    """Return the words of known messages that nobody else writes: each of several words, or of a program."""
    words = read_facts("ime_patterns")["literal"].unique()
    return tuple(word for word in words if re.search(r"[a-z][A-Z]|\w \w|\[", word))
