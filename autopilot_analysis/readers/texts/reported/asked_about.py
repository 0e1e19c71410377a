"""What somebody asks about in a text -> properties."""

from __future__ import annotations

from autopilot_analysis.facts.asked_about import asked_about
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.readers.texts.properties import Properties

ASKED_ABOUT = "Asked about"
"""Section of each subject; its name is that of facts/asked_about.csv, its value the words that name it.

Of a question no more is kept: people name others in it.
"""


def find_questions(content: bytes) -> Reading | None:
    """Return what a text asks about; None where it is no question, or about nothing that is known.

    Args:
        content: The whole file.
    """
    found = Properties()
    for subject, at, words in asked_about(written_lines(content)):
        found.add(ASKED_ABOUT, subject, words, at + 1)
    return found.reading() if len(found) else None
