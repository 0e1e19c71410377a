"""Imports of devices that a service refused, as people write of them without the address of a request.

An import is known by its words (import, upload, add; devices, hash, CSV) near the HTTP status with which it
is said to have ended. A question, a condition, other times and a list of statuses report none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autopilot_analysis.facts.help_texts import is_guide
from autopilot_analysis.facts.phrases import words
from autopilot_analysis.facts.quotes import is_former
from autopilot_analysis.facts.refused_calls import LONGEST, MENDED, MOST_STATUSES, STATUS_WORDS
from autopilot_analysis.patterns import late

RETRIES = "too many retries"
"""What a tool says in place of a status that gave up asking."""
BEFORE, BEHIND = 160, 100
"""So far before and behind a status the import may stand that it is of."""
_SEARCHED = 2048
_NUMBER = r"(?:400|401|403|404|409|413|429|500|502|503|504)"
_WORDS = (
    r"(?:Bad ?Request|Unauthori[sz]ed|Forbidden|Not ?Found|Conflict|Too ?Many ?Requests|"
    r"Internal ?Server ?Error|Service ?Unavailable)"
)
_STATUS = late(
    rf"(?i)\b(?P<coded>{_NUMBER})[ :–-]{{0,3}}\(?{_WORDS}\b"
    r"|\b(?:HTTP|status|code|error|Fehler|fehlercode|erreur|errore|returns?|returned|gives?|gave|gets?|got|"
    r"receives?|received|answers?|answered|fails? with|failed with|ends? (?:with|in)|meldet|liefert|renvoie)"
    r"(?: an?| the| me| us| only| error| HTTP| code| status| einen?| une?){0,3}[ :(]{1,3}"
    rf"(?P<named>{_NUMBER})\b"
    r"(?![.,]?\d| ?(?:ms|s|rows|devices|laptops|PCs|machines|items|times|of|lines|hashes|entries|Geräte)\b)"
    rf"|(?P<first>\b{_NUMBER}) (?:at|on|during|while|when|for|bei[mn]?|à|al)\b"
    rf"|\b(?P<word>Too ?Many ?Requests)\b|\b(?P<retries>too many retries)\b"
)
"""How a status stands in a sentence: with its words, behind what calls it the answer, or in words alone."""
_VERB = r"(?:import\w{0,9}|upload\w{0,3}|hochlad\w{0,2}|hochgeladen)"
_THINGS = (
    r"(?:auto ?pilot|hash(?:es)?|HWID|CSV|device identit\w{1,3}|devices|Geräten?|appareils|"
    r"dispositivos|dispositivi)"
)
_IMPORT = late(
    rf"(?i)\b(?:{_VERB}|téléverse\w{{0,3}}|charge(?:r|ment)|carg(?:ar|a)|hinzufüg\w{{0,2}}|"
    rf"(?:add|creat|regist(?:er|r))(?:e|ed|ing|ion|ation|s)?)\b.{{0,60}}?\b{_THINGS}\b"
    rf"|\b{_THINGS}\b.{{0,40}}?\b{_VERB}\b"
    r"|\b(?:at|on|during|by|bei[mn]?|à l[’']|en la|al?)\W{0,2}(?:the |each |every |dem |der |unserem )?"
    r"(?:import|upload)\w{0,7}\b"
)
"""How people write of an import of devices, in several languages."""
_OF_DEVICES = late(
    r"(?i)\bauto ?pilot\b|\bhardware[ -]?hash|\bHWID\b|\bdevice identit|Get-WindowsAuto[Pp]ilotInfo"
)
"""What a text speaks of in which an import is one of devices."""
_ASKS = words("QUESTION IN GENERAL", before=r"\A\W{0,6}", behind=r"\b")
"""How a question about a status begins."""
_MEANS = words("MEANS", before=r"\A.{0,80}\b", behind=r"\b")
"""What a question about a status asks for."""
_ASIDE = words("NOBODY MET IT", before=r"\b", behind=r"\b")
"""What makes an answer one that nobody met, or meets no more."""
_LISTED = late(r"[\s>]*(?:[|#*•·–-]|\d{1,2}[.)])[\s|#*`_-]*")
"""What stands before a status that heads a point of a list, a row or a part."""
_HAND = (
    r"(?:manual(?:ly)?|by hand|one by one|one at a time|von Hand|manuell|einzeln|à la main|manuellement|"
    r"a mano|manualmente)"
)
_GOES = (
    r"(?:works?|worked|succeeds?|goes in|go in|klappt|geht|funktioniert|fonctionne|marche|funciona|funziona)"
)
_BY_HAND = late(
    rf"(?i)\b{_HAND}\b[^.!?\n]{{0,120}}?\b(?:{_GOES}|(?:is|are) accepted|no problem)\b"
    rf"|\b{_GOES}\b[^.!?\n]{{0,60}}?\b{_HAND}\b"
)
"""How people write that the same devices go in by hand."""
_WORKS = late(rf"(?i)\b(?:{_GOES}|fine)\b")
_DENIED = words("WORKS NOT", before=r"\b", behind=r"\b")


@dataclass(frozen=True, slots=True)
class RefusedImport:
    """An import of devices that was refused.

    Attributes:
        line: Where it stands, from 0.
        text: The sentence.
        status: The HTTP status, as three digits; "" where the text says only that a tool gave up.
    """

    line: int
    text: str
    status: str


def refused_imports(lines: Sequence[str]) -> list[RefusedImport]:
    """Return the imports that a text reports as refused, one a line at most.

    Args:
        lines: Of the text, without their ends.

    Example:
        >>> refused_imports(["The import of our Autopilot devices ends with 403 (Forbidden)."])[0].status
        '403'
    """
    if not any(_OF_DEVICES.search(line[:_SEARCHED]) for line in lines):
        return []
    named = {_number(hit) for line in lines for hit in _STATUS.finditer(line[:_SEARCHED])}
    if len(named) > MOST_STATUSES:
        return []
    return [one for at in range(len(lines)) if (one := _of_line(lines, at)) is not None]


def shows_refused_import(lines: Sequence[str]) -> bool:
    """Tell whether a text reports a refused import, and is no guide.

    Args:
        lines: Of the text, without their ends.
    """
    if sum(bool(line.strip()) for line in lines) > LONGEST or not refused_imports(lines):
        return False
    return not is_guide("\n".join(line[:_SEARCHED] for line in lines))


def by_hand(lines: Sequence[str]) -> Iterator[str]:
    """Yield the sentences that say that the same devices go in by hand.

    Args:
        lines: Of the text, without their ends.
    """
    for line in lines:
        for sentence in re.split(r"(?<=[.!?]) ", line[:_SEARCHED]):
            hit = _BY_HAND.search(sentence)
            if hit and not _DENIED.search(hit[0]) and not sentence.rstrip().endswith("?"):
                yield sentence.strip()


def _of_line(lines: Sequence[str], at: int) -> RefusedImport | None:
    line = lines[at][:_SEARCHED]
    above = lines[at - 1][-BEFORE:] if at else ""
    below = lines[at + 1][:BEHIND] if at + 1 < len(lines) else ""
    for hit in _STATUS.finditer(line):
        if _LISTED.fullmatch(line[: hit.start()]):
            continue
        before = f"{above}\n{line[: hit.start()]}"[-BEFORE:]
        behind = f"{line[hit.start() :]}\n{below}"[: BEHIND + len(hit[0])]
        if not _ends_so(before) and not _IMPORT.search(behind):
            continue
        own = _sentence(line, hit.start(), hit.end())
        asked = own.rstrip().endswith("?") and (_ASKS.search(own) or _MEANS.search(own))
        if asked or _ASIDE.search(own) or MENDED.search(line[hit.end() :]) or is_former(line[: hit.start()]):
            continue
        return RefusedImport(at, line.strip(" \t>|"), _number(hit))
    return None


def _ends_so(before: str) -> bool:
    """Tell whether an import stands in what is before a status, and no success of it between them."""
    ends = [hit.end() for hit in _IMPORT.finditer(before)]
    return bool(ends) and _WORKS.search(before[ends[-1] :]) is None


def _sentence(line: str, begin: int, end: int) -> str:
    """Return the sentence around a place of a line."""
    start = max((line.rfind(sign, 0, begin) for sign in (". ", "! ", "? ")), default=-1) + 1
    stop = next((at for at in range(end, len(line)) if line[at] in ".!?"), len(line) - 1)
    return line[start : stop + 1]


def _number(hit: re.Match[str]) -> str:
    """Return the status of a match as three digits, "" where a tool gave up."""
    named = hit.groupdict()
    if named["retries"]:
        return ""
    if named["word"]:
        return STATUS_WORDS["TooManyRequests"]
    return named["coded"] or named["named"] or named["first"]
