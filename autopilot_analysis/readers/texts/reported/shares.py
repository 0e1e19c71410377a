"""How many of several devices a text says that something met -> properties."""

from __future__ import annotations

from autopilot_analysis.facts.reported_shares import shares_in
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.readers.texts.properties import Properties

SHARES = "Reported shares"
"""Section of each share of devices that a text counts; its value is the words."""
NAME = "share"


def find_shares(content: bytes) -> Reading | None:
    """Return the shares of devices that a text counts; None without one.

    Args:
        content: The whole file.
    """
    found = Properties()
    for share in shares_in(written_lines(content)):
        found.add(SHARES, NAME, share.text, share.line + 1)
    return found.reading() if len(found) else None
