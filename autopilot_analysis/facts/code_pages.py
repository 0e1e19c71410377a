"""In which code page a text is that is neither marked nor UTF-8: by the letters that its bytes are there."""

from __future__ import annotations

import re
from functools import cache

from autopilot_analysis.facts import read_facts

LAST_RESORT = "windows-1252"
"""The code page of text whose bytes fit several alike: spreadsheets and old programs of Windows write it."""
_LOOKED_AT = 2**18
"""Bytes of a text that are looked at."""
_SIGNS = "’”…°º"
"""Signs beyond ASCII that end a word; the first of them stands inside one too."""


def code_page_of(content: bytes) -> str:
    """Return the code page in which most bytes beyond ASCII are what languages write where they stand.

    Args:
        content: A text that is no UTF-8.
    """
    begin = content[:_LOOKED_AT]
    counted = {
        page: len(pattern.findall(begin.decode(page, errors="replace"))) for page, pattern in _pages().items()
    }
    return max(counted, key=lambda page: (counted[page], page == LAST_RESORT))


def decoded(content: bytes, *, whole: bool = True) -> str:
    """Return text without a mark: UTF-8 where it is that, else in its code page; what fits nowhere is U+FFFD.

    Args:
        content: The bytes.
        whole: Whether they are the whole text, else its last letter may be cut.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if not whole and error.start >= len(content) - 3:
            return content.decode("utf-8", errors="replace")
    return content.decode(code_page_of(content), errors="replace")


@cache
def _pages() -> dict[str, re.Pattern[str]]:
    """Return what languages of each code page write beyond ASCII.

    Behind a letter stands a small one, or a sign at the word's end; before a word a large letter or a sign.
    """
    rows = read_facts("code_pages").select("encoding", "letters").iter_rows()
    return {
        page: re.compile(
            rf"(?<=[^\W\d_])(?:[{small}’]|[{_SIGNS}](?!\w))|(?<![^\W\d_])[{small}{small.upper()}{_SIGNS}“„«»–€¿¡]"
        )
        for page, small in rows
    }
