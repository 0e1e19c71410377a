"""When a text tells what somebody met in words of his own: facts/symptom_words.csv has the words.

Plain words stand in articles, lists and questions as well. A text tells of a symptom where it is short,
speaks of the setup of a device and says so as a fact: not as a condition, a question about it, a denial or a
thing that is mended.
"""

from __future__ import annotations

from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.facts.help_texts import MENDS
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
_ARTICLE = late(
    r"(?im)\bin this (?:article|post|blog|guide|tutorial|video|section)\b|\bthis (?:article|post|guide|page|"
    rf"document) (?:describes|explains|shows|lists|covers)\b|\bhow to {MENDS}\b"
    r"(?! (?:this|that|it|my|our)\b)|\bstep[- ]by[- ]step\b|\btable of contents\b|\bread more\b|"
    r"^\W{0,8}(?:known issues?|troubleshooting|faq)\W{0,4}$|^\W{0,4}[QF] ?: |"
    r"\b(?:published|posted) (?:on|by)\b|"
    r"\bin diesem (?:artikel|beitrag)\b|\bdieser (?:artikel|beitrag) (?:beschreibt|erklärt|zeigt)\b|"
    r"\bdans cet article\b|\ben este artículo\b|\bin questo articolo\b"
)
"""Words of an article or of a page of help."""
_MENDED = late(
    r"(?i)(?<!not )(?<!n't )(?<!n’t )(?<!not yet )(?<!to be )\b(?:(?:was|been|got|is|are) (?:now )?"
    r"(?:solved|fixed|resolved) (?:by|with|after|now|since)|(?:solved|fixed|resolved) (?:it|this|that)\b|"
    r"problem solved|(?:now|finally) (?:works|fixed|solved|resolved)|works (?:again|now)|"
    r"(?:ist|wurde) (?:jetzt |nun )?(?:behoben|gelöst|erledigt)|funktioniert (?:jetzt|wieder|nun))\b"
    r"(?![^.!?\n]{0,60}\?)"
)
"""Words of a text about what is over."""
_END = late(r"[.!?](?=\s|$)|\n")
"""Where a sentence ends; not inside a version."""
_ASKS = late(
    r"(?i)^\W{0,4}(?:what|does|do|is|are|can|could|should|would|will|when|where|which|how|was|wann|wie|kann|"
    r"können|bedeutet|heißt|gibt es|que|qué|quand|est-ce|cosa|quando|che)\b"
)
"""How a question begins that asks about a thing in general."""
_OWN = late(
    r"(?i)\b(?:why|reason|idea|any(?:one|body)|some(?:one|body)|my|our|we|I|warum|wieso|weshalb|jemand|"
    r"mein\w{0,2}|unser\w{0,2}|ich|wir|pourquoi|quelqu['’]un|por qué|alguien|perché|qualcuno)\b"
)
"""Words of a question of somebody who met it."""
_SUPPOSES = late(
    rf"(?i)(?:(?:{shared_pattern('ONLY SUPPOSED')})(?! (?:I|we|ich|wir|man|je|on|nous)\b)"
    r"|\b(?:in case|unless|may|might|could|would|should|can|sometimes|falls|könnte|sollte)\b(?! ?n[o'’]t))"
    r"[^.!?;\n]{0,80}$"
)
"""What stands before a thing that is only supposed or possible."""
_DENIES = late(
    r"(?i)\b(?:no longer|not any ?more|never|not|without|instead of|n['’]t|nicht(?: mehr)?|kein(?:e|en|er)?|"
    r"ohne|(?:fixed|solved|resolved|behoben|gelöst|erledigt)(?: the)?|wants?|wanted|"
    r"wish\w{0,2}|please|request\w{0,2}|requirement|policy(?=:)|möchten?|bitte|sollen?)\b[^.!?;,\n]{0,24}$"
)
"""What stands before a thing that is denied, or only wished for."""
_OVER = late(
    r"(?i)^[^.!?\n]{0,30}\b(?:is gone|are gone|no longer (?:appears|comes|shows|happens)|"
    r"never (?:appeared|came|happened)|did not (?:appear|come|happen)|is (?:fixed|solved)|"
    r"tritt nicht mehr auf|(?:if|unless|wenn|falls) (?!I\b|we\b|ich\b|wir\b))"
)
"""What stands behind a thing that is over, or that is so under a condition."""
_HEADED = late(r"\s{0,4}(?:#|\||<t[dr]\b)")
"""How a heading or a row of a table begins."""


def may_describe(text: str) -> bool:
    """Tell whether a text may tell a symptom of the setup of a device: a short one, no article, not mended.

    Args:
        text: Lines of at most a few thousand characters.
    """
    if len(text) > _WRITTEN or sum(bool(line.strip()) for line in text.splitlines()) > LONGEST:
        return False
    return names_setup(text) and not _ARTICLE.search(text) and not _MENDED.search(text)


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


def _sentence(line: str, begin: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a part of a line begins and ends."""
    ends = [mark.end() for mark in _END.finditer(line)]
    return max((at for at in ends if at <= begin), default=0), min(
        (at for at in ends if at >= end), default=len(line)
    )
