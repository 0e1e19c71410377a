"""Texts that explain errors to their readers: a help page, a leaflet, an answer ready for callers.

What they quote was on nobody's screen. One is known by its list of messages, each with what it means or what
to do, or by a condition right before a message ("If you see", "Erscheint"). What somebody reports stands
without one: "User reports", "When I sign in, it says".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
_SHOWN = (
    r"(?:the |an? |this |one of |these |any of |following |error |message |code |page |screen |window |text |"
    r"codes? |das |die |den |der |diese[rsn]? |eine[nr]? |fehler(?:code)? |meldung |le |la |un |une |el |"
    r"l[’']erreur |erreur |il |lo |messaggio |mensaje |message |error |errore ){0,5}"
)
"""Words between a condition and the message that it speaks of."""
_PERSON = (
    r"(?:the|an?|your|any) (?:user|caller|customer|person|employee|colleague|student|teacher|device|laptop|"
    r"computer|pc|screen|page|display)|you|they|users?|someone|somebody|callers?"
)
_READS = (
    r"(?:ever |still |then |only )?(?:sees?|reports?|says?|shows?|reads?|displays?|mentions?|receives?|"
    r"encounters?|gets? (?=the |an? |error|message|code|[\"'“„«])|(?:fails?|stops?) with|is (?:shown|told))"
)
_CONDITION = late(
    rf"(?:\b(?:if|whenever|in case|should) (?:{_PERSON}) {_READS}|\bwhen (?:you|users|callers) see"
    r"|\bin (?:case|the event) of|\bim falle?"
    r"|\b(?:wenn|falls|sobald|sollten?) (?:sie|du|ihr|(?:der|ein) (?:benutzer|anwender|nutzer)|"
    r"die (?:benutzerin|person))|\b(?:falls|sollte)"
    r"|(?:^\W{0,6}|[.!?] )(?:when the (?:screen|page|display) (?:shows|says|reads)|"
    r"(?:sehen|erhalten|bekommen) sie|(?:sieht|meldet) der (?:benutzer|anwender|nutzer)|"
    r"(?:erscheint|steht|wird)(?: auf dem \w{4,14}| dort| da)?)"
    r"|\bsi (?:vous (?:voyez|recevez|obtenez)|l[’']utilisateur (?:voit|signale|reçoit)|l[’']écran affiche|"
    r"(?:ve|aparece|recibe|aparece en pantalla)|el usuario (?:ve|recibe|informa))"
    r"|\bse (?:vedi|vede|appare|compare|ricevi|l[’']utente (?:vede|segnala|riceve)))"
    rf"[ :,]{{0,3}}{_SHOWN}[ :,]{{0,3}}[{_OPEN}]?$",
    re.IGNORECASE,
)
"""What stands right before a message that a reader may meet."""
_QUOTED = late(rf"[{_OPEN}][^{_OPEN}{_CLOSE}]{{1,80}}$")
"""What is quoted before the code of the same message."""
_MEANS = late(
    rf"^(?:, ?[{_OPEN}][^{_OPEN}{_CLOSE}\n]{{1,60}}[{_CLOSE}],?)?"
    rf"[^{_CLOSE}\n.;]{{0,60}}[{_CLOSE}]?\)?,? {{0,2}}(?:means?|bedeutet|heißt|signifie|veut dire|significa|"
    r"quiere decir|vuol dire|(?:erscheint|angezeigt wird|appears?|is (?:shown|displayed)|s[’']affiche)[,:])",
    re.IGNORECASE,
)
"""What stands right behind a message that is explained."""
_ASKS = late(r"(?:\bwhat\b|\bwas\b|\bque\b|\bqué\b|\bcosa\b|\bche\b|\bcome\b)[^.!?]{0,40}$", re.IGNORECASE)
"""What makes the same words a question of somebody who met it."""
_INTRODUCES = late(
    r"(?im)\b(?:if|when(?:ever)?) (?:you|users?|callers?|the user|the caller|a user|someone) (?:see|get|"
    r"report|receive|mention)s?\b|\bwhat (?:it|they|this|these|the (?:codes?|messages?|errors?)) means?\b|"
    r"\bmeans\b|\bmeaning\b|"
    r"\b(?:bedeut(?:et|en|ung)|signifient?|significan?|signification|significato)\b|"
    r"\b(?:wenn|falls) (?:sie|du|der (?:benutzer|anwender)) |\bsi (?:vous|l[’']utilisateur|el usuario)\b|"
    r"\bse (?:vedi|vede|l[’']utente)\b|\b(?:common|known|frequent|häufige|bekannte) "
    r"(?:errors?|messages?|codes?|fehler|meldungen)\b|\bFAQ\b"
)
"""Words by which a text says that it explains."""


_HEADINGS = late(
    r"(?im)^\W{0,8}(?:causes?|resolutions?|solutions?|remed(?:y|ies)|ursachen?|lösung(?:en)?|causas?|"
    r"soluci(?:ón|ones)|caus[ae]|soluzion[ei]|résolution)\b"
    r"|^#{1,4} {0,4}(?:installation|usage|requirements|prerequisites|features|licen[sc]e|getting started|"
    r"troubleshooting|faq|contributing|changelog)\b"
)
_A_GUIDE = 2
"""So many headings of causes and solutions, or of a tool's own page, make a guide."""
_WANTED = late(
    r"(?i)\b(?:add(?:ed|ing)?|document(?:ed|ing)?|describe|include|mention|cover|list|dokumentier\w{0,3}|"
    r"ergänz\w{0,3}|aufnehmen)\b[^.!?]{0,60}$"
)
_IN_A_TEXT = late(
    r"(?i)^[^.!?]{0,60}\b(?:(?:to|in|on|into|from) (?:the|this|your|our) (?:\w{1,16} ){0,3}"
    r"(?:lists?|pages?|docs?|documentation|articles?|tables?|guides?|wiki|faq|sections?)|"
    r"(?:in|zu) (?:der|die|dieser|diese) (?:liste|seite|dokumentation|tabelle|artikel))\b"
)
_MISSING = late(
    r"(?i)^[^.!?]{0,30}\b(?:(?:is|are) (?:missing|absent|not listed) (?:from|in|on) |fehlt (?:in|auf) "
    r"|in (?:die|diese) (?:liste|tabelle|dokumentation) (?:aufnehmen|aufzunehmen|ergänzen))"
)
"""What stands before and behind a code that somebody wants to read about; what says so behind it alone."""


MENDS = "(?:fix|resolve|solve|troubleshoot)"
"""What whoever writes about an error teaches to do about it."""
_RUNBOOK = r"\b(?:use|follow) this (?:runbook|guide|checklist)\b"
_TITLE = late(
    rf"(?i)\A\W{{0,12}}(?:(?:how to )?{MENDS}(?:ing)?\b[^?\n]{{0,160}}(?:\n|\Z)"
    rf"|[^?\n]{{0,120}}\b(?:what (?:it|this) means|how to {MENDS}|explained)\b[^?\n]{{0,60}}(?:\n|\Z))"
)
"""The first line of an article about an error."""
_OF_ITSELF = late(
    rf"(?i)\bin this (?:article|post|blog|guide|tutorial|video)\b|{_RUNBOOK}|"
    r"\bthis (?:article|post|guide|runbook|page) (?:describes|explains|shows|covers)\b"
)
"""Words of an article about itself."""
_IN_GENERAL = late(
    rf"(?i)\b(?:usually|typically|commonly|in most cases)\b|{_RUNBOOK}|"
    r"\byou (?:may|might|will|can|could) (?:see|read|get|find)\b"
)
"""Words of what holds for devices in general, and not for one."""
_OWN = late(
    r"\bI\b|(?i:\b(?:my|our|us|me|ich|wir|uns|mir|mein\w{0,2}|unser\w{0,2})\b)"
    r"|(?i:\bwe\b(?! (?:show|explain|describe|cover|look|will|walk|discuss)\b))"
)
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
