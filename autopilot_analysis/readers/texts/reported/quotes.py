"""Errors that a text quotes -> properties; the text of a report may hold other things besides."""

from __future__ import annotations

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.quote_groups import BARE
from autopilot_analysis.facts.quotes import Quote, kinds, quotes_in
from autopilot_analysis.readers.reading import OF_THIS_TEXT, Reading, Unread
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.readers.texts.properties import Properties

SECTION = "Quoted error"
"""Section of each error; its name is the kind in facts/quotes.csv, its value the line that shows it."""
ALONE = f"{OF_THIS_TEXT} the errors were read that it quotes"
COLLECT = "collect the device's own logs: they say what the page or the window does not"


def read_quotes(content: bytes, member: str = "") -> Reading:
    """Return the errors that a text quotes.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Raises:
        NotThisFormat: It quotes none.
    """
    quotes = _quotes_of(content)
    if not quotes:
        raise NotThisFormat.of(member, "quotes no error of a page of setup or of a known script.")
    return _found(quotes).reading((Unread(ALONE, advice=COLLECT),))


def find_quotes(content: bytes) -> Reading | None:
    """Return the errors that a text quotes beside what it is, a bare code aside; None without any.

    Args:
        content: The whole file.
    """
    bare = {kind.kind for kind in kinds() if kind.group == BARE}
    quotes = [quote for quote in _quotes_of(content) if quote.kind not in bare]
    return _found(quotes).reading() if quotes else None


def _quotes_of(content: bytes) -> list[Quote]:
    return quotes_in(written_lines(content))


def _found(quotes: list[Quote]) -> Properties:
    found = Properties()
    for quote in quotes:
        found.add(SECTION, quote.kind, quote.text, quote.line + 1)
    return found
