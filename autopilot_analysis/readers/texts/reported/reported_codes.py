"""Codes that a text reports in plain words -> properties."""

from __future__ import annotations

from autopilot_analysis.codes.reported import reported_codes
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.readers.texts.properties import Properties

REPORTED = "Reported code"
"""Section of each code; its name is the kind in facts/reported_codes.csv, its value the code and its line."""


def find_reported_codes(content: bytes) -> Reading | None:
    """Return the codes that a text reports; None where it reports none.

    Args:
        content: The whole file.
    """
    found = Properties()
    for one in reported_codes(written_lines(content)):
        found.add(REPORTED, one.kind, f"{one.code}: {one.text}", one.line + 1)
    return found.reading() if len(found) else None
