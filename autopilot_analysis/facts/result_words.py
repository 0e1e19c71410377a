"""Windows' own words for a result in several languages, and their code (facts/result_words.csv)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from autopilot_analysis.facts import read_facts

_LONGEST = 300
"""Characters that words for a result have at most."""


def code_in_words(value: str) -> str | None:
    """Return the code that Windows' own words for a result stand for, also where a console wrapped them.

    Its first sentence tells the result; what follows says what to do.

    Args:
        value: The words, and nothing before them.
    """
    words = " ".join(value.split())
    first = words.partition(". ")[0].rstrip(".")
    return next((code for own in (words, first, f"{first}.") if (code := _codes().get(own))), None)


def code_at_start(text: str) -> str | None:
    """Return the code of the words for a result with which a text begins, None where it begins otherwise.

    Args:
        text: What follows, such as the rest of a message; what stands behind the words may be anything.
    """
    begins = " ".join(text[:_LONGEST].split())
    known = (words for words in _codes() if re.match(rf"{re.escape(words.rstrip('.'))}(?!\w)", begins))
    longest = max(known, key=len, default=None)
    return None if longest is None else _codes()[longest]


def in_english(text: str) -> tuple[str, str] | None:
    """Return what words of another language in a text mean, and where to look; None without any.

    Args:
        text: What a program wrote, in whose midst Windows' words may stand.
    """
    inside = [words for words in _codes() if words in text]
    first = {code: words for words, code in reversed(_codes().items())}
    for words in sorted(inside, key=len, reverse=True):
        english = first[_codes()[words]]
        if english != words:
            return english, _places_to_look()[english]
    return None


@cache
def _codes() -> dict[str, str]:
    """Return the code of all words; those in English come first."""
    return dict(read_facts("result_words").select("words", "code").iter_rows())


@cache
def _places_to_look() -> Mapping[str, str]:
    rows = read_facts("result_words").select("words", "look").iter_rows()
    return {words: look or "" for words, look in rows}
