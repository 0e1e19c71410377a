"""Answers of a web server as people copy them: a line of its status and headers before what it sent."""

from __future__ import annotations

import re

SEARCHED = 8192
"""First signs of a text in which such lines are looked for."""
_HEAD = re.compile(
    r"\s*(?:[A-Z]{3,7} https?://\S{1,2048}[^\n]{0,64}\n\s*)?HTTP/\d(?:\.\d)? \d{3}[^\n]{0,256}\n"
    r"(?:[A-Za-z][\w-]{0,80}:[^\n]{0,2048}\n)*+\s*(?=[\[{])"
)


def head_of(text: str) -> int:
    """Return how many signs stand before the JSON of an answer; 0 where a text is no such answer.

    Args:
        text: The beginning of a file.
    """
    found = _HEAD.match(text[:SEARCHED])
    return found.end() if found else 0
