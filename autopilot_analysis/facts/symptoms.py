"""When a text tells what somebody met in words of his own: facts/symptom_words.csv has the words.

Plain words stand in articles, lists and questions as well. A text tells of a symptom where it is short,
speaks of the setup of a device and says so as a fact: not as a condition, a question about it, a denial or a
thing that is mended.
"""

from __future__ import annotations

from autopilot_analysis.facts.phrases import tells_trouble, words
from autopilot_analysis.patterns import late

LONGEST = 40
"""Lines with words that a mail, a chat or a ticket has at most; an article or a log has more."""
MOST_SYMPTOMS = 3
"""Whoever reports a failure tells so many different symptoms at most; more are a list of what is known."""
_WRITTEN = 6000
"""Characters of such a text."""
_SETUP = late(
    r"(?i)\b0x87D1FD|-20162811\d\d\b|\bMDM\b|\bcompliance\b|\bEntra\b|\bAzure ?AD\b|"
    r"\b(?:the|im) portal\b|\badmin cent(?:er|re)\b|\bautopilot|\bintune\b|\bcompany portal\b|"
    r"\bOOBE\b|\bout[- ]of[- ]box\b|\bESP\b|\benrol?lment status page\b|\bwhite ?glove\b|"
    r"\bpre-?provision|\bself-?deploying\b|\bdevice preparation\b|\bGerätevorbereitung\b|"
    r"\bStatusseite\b|\bendpoint manager\b"
)
"""How people name the setup of a device, or what manages it."""
_ARTICLE = words("ARTICLE OF ITSELF", "PARTS OF AN ARTICLE")
"""Words of an article or of a page of help."""
_MENDED = words("MENDED AT LAST", before=r"\b", behind=r"\b(?![^.!?\n]{0,60}\?)")
"""Words of a text about what is over."""
_END = late(r"[.!?](?=\s|$)|\n")
"""Where a sentence ends; not inside a version."""
_ASKS = words("QUESTION IN GENERAL", before=r"\A\W{0,4}", behind=r"\b")
"""How a question begins that asks about a thing in general."""
_OWN = words("QUESTION OF ONES OWN", before=r"\b", behind=r"\b")
"""Words of a question of somebody who met it."""
_SUPPOSES = words("SUPPOSED OF OTHERS", behind=r"[^.!?;\n]{0,80}$")
"""What stands before a thing that is only supposed or possible."""
_DENIES = words("NO LONGER", "NOT", "MENDED THING", "WISHED", before=r"\b", behind=r"\b[^.!?;,\n]{0,24}$")
"""What stands before a thing that is denied, or only wished for."""
_OVER = words("OVER OR SUPPOSED", before=r"\A[^.!?\n]{0,30}\b")
"""What stands behind a thing that is over, or that is so under a condition."""
_AWAITED = words("AT A TIME", behind=r"[^.!?;,\n]{0,60}$")
"""What stands before a thing that is yet to come, or that only says when another comes."""
_HEADED = late(r"\s{0,4}(?:#|\||<t[dr]\b)")
"""How a heading or a row of a table begins."""


def may_describe(text: str) -> bool:
    """Tell whether a text may tell a symptom of the setup of a device: a short one, no article, not mended.

    Args:
        text: Lines of at most a few thousand characters.
    """
    return _is_short(text) and names_setup(text) and not _ARTICLE.search(text) and not _MENDED.search(text)


def may_tell_success(text: str) -> bool:
    """Tell whether a text may tell that something went well: a short one, no article, without any trouble.

    Args:
        text: Lines of at most a few thousand characters.
    """
    return _is_short(text) and not _ARTICLE.search(text) and not tells_trouble(text)


def _is_short(text: str) -> bool:
    return len(text) <= _WRITTEN and sum(bool(line.strip()) for line in text.splitlines()) <= LONGEST


def names_setup(text: str) -> bool:
    """Tell whether a text names Autopilot, Intune or the pages of setup.

    Args:
        text: Of any length.
    """
    return _SETUP.search(text) is not None


def is_stated(line: str, begin: int, end: int) -> bool:
    """Tell whether words of a line say a fact: no heading, no general question, no condition.

    Args:
        line: The line.
        begin: Where the words begin.
        end: Where they end.

    Example:
        >>> is_stated("The reseal button is missing.", 4, 28)
        True
        >>> is_stated("Call us if the reseal button is missing.", 15, 39)
        False
    """
    if _HEADED.match(line):
        return False
    first, last = _sentence(line, begin, end)
    sentence = line[first:last]
    if sentence.rstrip().endswith("?") and _ASKS.match(sentence) and not _OWN.search(sentence):
        return False
    return _SUPPOSES.search(line[first:begin]) is None


def is_denied(line: str, begin: int, end: int) -> bool:
    """Tell whether a line says of a thing that it is not so, is over, or is so under a condition.

    Args:
        line: The line.
        begin: Where the words for the thing begin.
        end: Where they end.
    """
    first, last = _sentence(line, begin, end)
    return _DENIES.search(line[first:begin]) is not None or _OVER.match(line[end:last]) is not None


def tells_success(line: str, begin: int, end: int) -> bool:
    """Tell whether words of a line say of a thing that it went well, not when it does or whether it did.

    Args:
        line: The line.
        begin: Where the words begin.
        end: Where they end.

    Example:
        >>> tells_success("The log says: Automatic registration Succeeded.", 14, 46)
        True
        >>> tells_success("Wait until Automatic registration Succeeded stands there.", 11, 43)
        False
    """
    first, _ = _sentence(line, begin, end)
    return (
        is_stated(line, begin, end)
        and not is_denied(line, begin, end)
        and _AWAITED.search(line[first:begin]) is None
    )


def _sentence(line: str, begin: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a part of a line begins and ends."""
    ends = [mark.end() for mark in _END.finditer(line)]
    return max((at for at in ends if at <= begin), default=0), min(
        (at for at in ends if at >= end), default=len(line)
    )
