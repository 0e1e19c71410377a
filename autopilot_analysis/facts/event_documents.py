"""Records of events as JSON documents: by which names their writers call the parts, and how one is known.

A name counts by its letters alone: `EventID`, `eventID` and `event_id` are one. The table is
`facts/event_document_names.csv`; what knows a document and what reads it look into the same.
"""

from __future__ import annotations

import re
from functools import cache

from autopilot_analysis.facts import read_facts

SYSTEM, DATA = "system", "data"
"""The parts of a record: who wrote it and when, and what it says."""
KNOWN_BY = {"provider", "event_id", "channel"}
"""What every record tells of itself; a document that does not is none."""
_KEY = re.compile(r'"(\w{1,40})"\s*:')
_PART = re.compile(r'"(\w{1,40})"\s*:\s*(?:\{|null)')


def plain(name: object) -> str:
    """Return the letters of a name in lower case, by which it is looked up."""
    return re.sub(r"[^a-z]", "", str(name).lower())


@cache
def document_names() -> dict[str, str]:
    """Return our name of each field, and of each part, by its plain letters."""
    return dict(read_facts("event_document_names").select("name", "field").iter_rows())


def are_event_documents(text: str) -> bool:
    """Tell whether JSON begins with records of events as dumpers and collectors of logs write them.

    Args:
        text: The beginning of a file.
    """
    if text.lstrip()[:1] not in ("[", "{"):
        return False
    names = document_names()
    if not {names.get(plain(key)) for key in set(_KEY.findall(text))} >= KNOWN_BY:
        return False
    return any(names.get(plain(part)) in (SYSTEM, DATA) for part in set(_PART.findall(text)))
