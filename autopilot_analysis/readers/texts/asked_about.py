"""What somebody asks about in a text -> properties."""

from __future__ import annotations

from autopilot_analysis.facts.asked_about import asked_about
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.properties import Properties
from autopilot_analysis.readers.texts.quotes import LARGEST

ASKED_ABOUT = "Asked about"
"""Section of each subject; its name is that of facts/asked_about.csv, its value the line that names it."""
_KEPT = 400


def find_questions(content: bytes) -> Reading | None:
    """Return what a text asks about; None where it is no question, or about nothing that is known.

    Args:
        content: The whole file.
    """
    if len(content) > LARGEST or b"\0\0\0" in content:
        return None
    lines, found = split_lines(decode(content)), Properties()
    for subject, at in asked_about(lines):
        found.add(ASKED_ABOUT, subject, lines[at].strip()[:_KEPT], at + 1)
    return found.reading() if len(found) else None
