"""Texts that explain errors to their readers: a help page, a leaflet, an answer ready for callers.

What they quote was on nobody's screen. One is known by its list of messages, each with what it means or what
to do, or by a condition right before a message ("If you see", "Erscheint"). What somebody reports stands
without one: "User reports", "When I sign in, it says".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.facts.phrases import words
from autopilot_analysis.patterns import late

LEAST_EXPLAINED = 2
"""So many different messages, each explained in a line of its own, make a list of what they mean."""
MOST_REPORTED = 3
"""Whoever reports a failure names so many different codes at most; more are a list."""
CODE_WRITTEN = r"(?:0x)?(?:80|81|87|c0|ca)[0-9a-f]{6}"
"""A result code as people write it, with its sign or without."""
_OPEN, _CLOSE = "\"'“„«‚‘”»", "\"'”“»’‘"
_MESSAGE = late(
    rf"^[ \t>|]{{0,8}}(?:[*•·–—-]|\d{{1,2}}[.)])? {{0,4}}(?:(?:error|fehler|erreur|errore) )?"
    rf"(?P<what>[{_OPEN}][^{_OPEN}\n]{{4,200}}[{_CLOSE}]|(?:AADSTS\d{{5,7}}|(?:0x)?[8c][0-9a-f]{{7}})\b)"
    rf"[^:=→\n]{{0,60}}?(?: [-–—] | ?-> ?| ?=>? ?| ?→ ?| ?\| ?|: )\S.{{8,}}",
    re.IGNORECASE,
)
"""A line of such a list: a message or a code, a sign between, and the words that explain it."""
_CONDITION = words(
    "CONDITION OF A READER",
    behind=rf"[ :,]{{0,3}}{shared_pattern('WHAT IS SHOWN')}{{0,5}}[ :,]{{0,3}}[{_OPEN}]?$",
)
"""What stands right before a message that a reader may meet."""
_QUOTED = late(rf"[{_OPEN}][^{_OPEN}{_CLOSE}]{{1,80}}$")
"""What is quoted before the code of the same message."""
_MEANS = words(
    "MEANS",
    before=rf"\A(?:, ?[{_OPEN}][^{_OPEN}{_CLOSE}\n]{{1,60}}[{_CLOSE}],?)?"
    rf"[^{_CLOSE}\n.;]{{0,60}}[{_CLOSE}]?\)?,? {{0,2}}",
)
"""What stands right behind a message that is explained."""
_ASKS = words("QUESTION WORD", before=r"\b", behind=r"\b[^.!?]{0,40}$")
"""What makes the same words a question of somebody who met it."""
_INTRODUCES = words("EXPLAINS")
"""Words by which a text says that it explains."""


_HEADINGS = late(
    rf"(?im)^\W{{0,8}}{shared_pattern('HEADING OF A CAUSE')}\b"
    rf"|^#{{1,4}} {{0,4}}{shared_pattern('HEADING OF A TOOL')}\b"
)
_A_GUIDE = 2
"""So many headings of causes and solutions, or of a tool's own page, make a guide."""
_WANTED = words("WRITES DOWN", before=r"\b", behind=r"\b[^.!?]{0,60}$")
_IN_A_TEXT = words("INTO A TEXT", before=r"\A[^.!?]{0,60}\b", behind=r"\b")
_MISSING = words("MISSING FROM A TEXT", before=r"\A[^.!?]{0,30}\b")
"""What stands before and behind a code that somebody wants to read about; what says so behind it alone."""


_TITLE = words("TITLE OF AN ARTICLE", before=r"\A\W{0,12}", behind=r"(?:\n|\Z)")
"""The first line of an article about an error."""
_OF_ITSELF = words("ARTICLE OF ITSELF", "RUNBOOK")
"""Words of an article about itself."""
_IN_GENERAL = words("IN GENERAL")
"""Words of what holds for devices in general, and not for one."""
_OWN = words("OF ONESELF")
"""Words of somebody who tells of himself; an article says of its authors only what they show."""


def is_guide(text: str) -> bool:
    """Tell whether a text explains errors to its readers: an article, under headings or in a list.

    Args:
        text: Lines of at most a few thousand characters.
    """
    return len(_HEADINGS.findall(text)) >= _A_GUIDE or explains_a_list(text) or is_article(text)


def is_article(text: str) -> bool:
    r"""Tell whether a text speaks of an error in general, under its title or of itself, and of nobody.

    Args:
        text: Lines of at most a few thousand characters.

    Example:
        >>> is_article("How to fix 0x80180014\nThe error usually means that the platform is blocked.")
        True
        >>> is_article("How to fix 0x80180014\nOur users usually see it on the second try.")
        False
    """
    titled = _TITLE.search(text) or _OF_ITSELF.search(text)
    return bool(titled and _IN_GENERAL.search(text)) and _OWN.search(text) is None


def is_wanted_in_a_text(line: str, begin: int, end: int) -> bool:
    """Tell whether a line asks for words about a code in a list, a page or a table.

    Args:
        line: The line.
        begin: Where the code begins.
        end: Where it ends.
    """
    before, behind = line[:begin], line[end:]
    wanted = _WANTED.search(before) is not None and _IN_A_TEXT.match(behind) is not None
    return wanted or _MISSING.match(behind) is not None


def explains_a_list(text: str) -> bool:
    """Tell whether a text lists several messages and says of each what it means or what to do.

    Args:
        text: Lines of at most a few thousand characters.
    """
    if _INTRODUCES.search(text) is None:
        return False
    return len(set(_explained(text.splitlines()))) >= LEAST_EXPLAINED


def _explained(lines: Iterable[str]) -> Iterable[str]:
    return (hit["what"].lower() for line in lines if (hit := _MESSAGE.match(line)))


def explains(line: str, begin: int, end: int) -> bool:
    """Tell whether a line speaks of a message that its reader may meet, not of one that somebody met.

    Args:
        line: The line.
        begin: Where the message begins.
        end: Where it ends.
    """
    before = line[:begin]
    quoted = _QUOTED.search(before)
    if _CONDITION.search(before) or (quoted and _CONDITION.search(before[: quoted.start()])):
        return True
    return _MEANS.match(line[end:]) is not None and _ASKS.search(before) is None
