"""What tools of the network answer in one line, such as nslookup, ping or curl -> properties.

Only failures have words of their own, which are told under the names that Test-NetConnection has for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.texts.properties import Properties

TEST = "Network test"
"""Begins the section of a test; the host, and where one is told the port, stand behind it."""
SEARCHED = 4096
_ASKED = re.compile(r"https?://([\w.-]{1,253})(?::(\d{1,5}))?")


def add_answers(found: Properties, lines: Sequence[str]) -> None:
    """Add the failures that tools of the network tell in a text, one row each.

    Args:
        found: Where the rows go: section is `TEST` with the host, name the test, value "False" with the line.
        lines: Of the text, without their ends.
    """
    asked = ""
    for record, line in enumerate(lines, 1):
        text = line[:SEARCHED].strip()
        if host := _ASKED.search(text):
            asked = " ".join(filter(None, host.groups()))
        for pattern, test in _answers():
            if answer := pattern.search(text):
                named = " ".join(filter(None, answer.groupdict().values())) or asked
                found.add(f"{TEST} {named}".strip(), test, f"False ({text})", record)
                break


@cache
def _answers() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_facts("network_answers").select("pattern", "test").iter_rows()
    return tuple((re.compile(pattern), test) for pattern, test in rows)
