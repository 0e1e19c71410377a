"""What tools of the network answer in one line, as one pattern: rows of `facts/network_answers.csv`."""

from __future__ import annotations

import re

from autopilot_analysis.facts import read_facts

_BESIDE = "^TlsSubject|Below$"
"""Tests whose line alone does not show what a text is: whom a certificate is for, and a bare heading."""
_GROUP = re.compile(r"\(\?P<\w+>")


def any_network_answer() -> str:
    """Return a pattern of such a line within a text, for one that is compiled with lines of its own."""
    rows = read_facts("network_answers")
    telling = rows.filter(~rows["test"].str.contains(_BESIDE))
    return "|".join(_within(pattern) for pattern in telling["pattern"])


def _within(pattern: str) -> str:
    """Return a pattern of a line as one of a line within a text."""
    plain = pattern.removeprefix("(?i)")
    shape = plain.removeprefix("^")
    margin = "" if shape == plain else r"^[ \t]*"
    flags = "?:" if plain == pattern else "?i:"
    return f"({flags}{margin}{_GROUP.sub('(?:', shape)})"
