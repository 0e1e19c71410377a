"""Requests to Graph that were refused, as people write of them and as tools print the answer.

A call is known by an address of Intune's part of Graph and the status with which it is said to have ended,
in one sentence, or by the lines that a server's answer begins with. A guide, a list of statuses, a question
and a condition report no call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.help_texts import explains, is_guide
from autopilot_analysis.patterns import late

LONGEST = 120
"""Lines with words that a mail or a pasted answer has at most; an article has more."""
MOST_STATUSES = 2
"""Whoever reports a refusal names so many different statuses at most; more are a list."""
STATUS_WORDS = {
    "BadRequest": "400",
    "Unauthorized": "401",
    "Forbidden": "403",
    "NotFound": "404",
    "Conflict": "409",
    "TooManyRequests": "429",
    "InternalServerError": "500",
    "ServiceUnavailable": "503",
}
"""Words that PowerShell and Graph show in place of an HTTP status."""
STATUS = late(
    r"^\s*(?:[<*] )?HTTP/\d(?:\.\d)? (?P<line>[45]\d\d)\b|failed with status code: (?P<client>[45]\d\d)\b"
    r"|does not indicate success: (?:(?P<number>[45]\d\d)\b|(?P<word>\w{4,30}))"
    r"|returned an error: \((?P<net>[45]\d\d)\)|^\s*Status: (?P<graph>[45]\d\d)\b"
    r"|^\W{0,6}[A-Z][A-Za-z]{2,20}(?: [A-Za-z]{2,20}){0,3} - (?P<explorer>[45]\d\d) - \d{1,6} ?ms\b"
)
"""The line of a printed answer that shows its HTTP status."""
BODY = late(r'\{\s*"error"\s*:\s*\{')
"""How the body of a refusal begins."""
_BODY_OF_GRAPH = late(r'\{\s*"error"\s*:\s*\{\s*"code"\s*:\s*"\w')
_SEARCHED = 2048
METHOD = "(?:GET|POST|PATCH|PUT|DELETE)"
"""A pattern of the methods of a request."""
_SAYS = (
    r"(?:returns?|returned|returning|gives?|gave|gets?|got|answer(?:s|ed)?|responds?|responded|"
    r"fail(?:s|ed|ing)?|end(?:s|ed)?|throws?|threw|shows?|is|was|liefert|ergibt|gibt|meldet|antwortet|"
    r"scheitert|endet|renvoie|retourne|donne|échoue|répond|devuelve|responde|falla|restituisce|risponde|"
    r"->|=>|→|:|=)"
)
_BETWEEN = (
    r"(?:[ :(]{0,3}(?:with|mit|avec|con|an?|the|us|me|back|refused|rejected|HTTP|status|code|error|Fehler|"
    r"erreur|zurück|une?|eine[nr]?|den|only|just)\b){0,6}"
)
_NUMBER = r"(?P<status>[45]\d\d)\b(?![.,]\d| ?(?:ms|s|rows|devices|items|times|of|entries|Geräte)\b)"
_WORD = r"(?P<word>Forbidden|Unauthorized|Bad ?Request|Not ?Found|Too ?Many ?Requests)\b"
_ASIDE = late(
    r"(?i)\b(?:if|whether|falls|sollten?|whenever|in case|when you|wenn (?:Sie|du|man)|si vous|no longer|"
    r"never|not|nicht|without|does|should|would|retry)\b[^.!?\n]{0,240}$"
)
"""What stands before a refusal that nobody met, or meets no more."""
_UNTIL = r"\b(?:until|before|bis (?:wir|ich|der|die|zur))\b"
MENDED = late(rf"(?i)\A[^.!\n]{{0,60}}{_UNTIL}")
"""What stands behind a refusal that was mended."""
_OVER = late(rf"(?i)[^.!\n]{{0,60}}(?:\?|{_UNTIL})")
"""What stands behind a refusal that is only asked about, or that was mended."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a sentence that was refused.

    Attributes:
        line: Where it stands, from 0.
        request: The method, if any is named, and the addresses.
        status: The HTTP status, as three digits.
    """

    line: int
    request: str
    status: str


@cache
def _names() -> str:
    """Return a pattern of what Graph calls the lists of Intune (facts/graph_permissions.csv)."""
    return "|".join(read_facts("graph_permissions")["address_pattern"])


@cache
def _address() -> re.Pattern[str]:
    of_graph = (
        r"https?://graph\.microsoft\.(?:com|us)/(?:v1\.0|beta)/device(?:App)?Management/[^\s<>\"]{1,300}?"
    )
    in_short = rf"(?:…|\.{{3}})?/?(?:device(?:App)?Management/)?(?:{_names()})(?:[/?(][^\s<>\"]{{0,200}}?)?"
    return late(
        rf"(?<![\w/.])(?:{METHOD}\s)?(?:{of_graph}|{in_short})(?=[\s<>\",;:)\]`*]|[.!?](?:\s|$)|$)",
        re.IGNORECASE,
    )


@cache
def _sentences() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return how a sentence says that a call was refused: the address first, or the status first."""
    address = _address().pattern
    first = rf"{address}[^.!?\n]{{0,80}}?{_SAYS}{_BETWEEN}[ ('\"“`]{{0,3}}(?:{_NUMBER}|{_WORD})"
    last = (
        rf"\b(?:HTTP|status|error|code|got|get|gets|receive[ds]?|receiving|an?|Fehler|erreur)[ (:]{{1,3}}"
        rf"{_NUMBER}[^.!?\n]{{0,40}}?\b(?:from|on|for|at|calling|of|bei|auf|von|beim|sur|pour|de|en)\b"
        rf"[^.!?\n]{{0,30}}?{address}"
    )
    return late(first, re.IGNORECASE), late(last, re.IGNORECASE)


def refused_calls(lines: Sequence[str]) -> list[Call]:
    """Return the calls of Graph that sentences report as refused, one a line at most.

    Args:
        lines: Of the text, without their ends.

    Example:
        >>> refused_calls(["POST …/importedWindowsAutopilotDeviceIdentities returned 401"])[0].status
        '401'
    """
    found = [call for at, line in enumerate(lines) if (call := _call(at, line[:_SEARCHED])) is not None]
    return found if len({call.status for call in found}) <= MOST_STATUSES else []


def shows_refused_call(lines: Sequence[str]) -> bool:
    """Tell whether a text reports a refused call, or holds what a tool printed of one.

    Args:
        lines: Of the text, without their ends.
    """
    if sum(bool(line.strip()) for line in lines) > LONGEST:
        return False
    text = "\n".join(line[:_SEARCHED] for line in lines)
    if is_guide(text):
        return False
    if refused_calls(lines):
        return True
    printed = {status for line in lines if (status := status_of(line[:_SEARCHED])) is not None}
    answered = len(printed) == 1 or (not printed and _BODY_OF_GRAPH.search(text) is not None)
    return answered and _address().search(text) is not None


def status_of(line: str) -> str | None:
    """Return the HTTP status of a refusal that a printed line shows, None where it shows none.

    Args:
        line: The line.
    """
    found = STATUS.search(line)
    if found is None:
        return None
    number = next((value for name, value in found.groupdict().items() if value and name != "word"), None)
    return number or STATUS_WORDS.get(found["word"] or "")


def stands_above_its_request(line: str) -> bool:
    """Tell whether a printed line shows the status as Graph Explorer does: a copy has the request below it.

    Args:
        line: The line.
    """
    found = STATUS.search(line)
    return found is not None and found["explorer"] is not None


def addresses_in(line: str) -> list[str]:
    """Return the addresses of Intune's part of Graph that a line names, each with its method if it has one.

    Args:
        line: The line.
    """
    return list(dict.fromkeys(hit[0] for hit in _address().finditer(line)))


def permissions_of(request: str) -> tuple[str, str] | None:
    """Return the permissions that reading and writing what an address names ask for, None if not known.

    Args:
        request: The method and the address.
    """
    for row in read_facts("graph_permissions").iter_rows(named=True):
        if re.search(rf"\b(?:{row['address_pattern']})\b", request, re.IGNORECASE):
            return row["reading"], row["writing"]
    return None


def _call(at: int, line: str) -> Call | None:
    for pattern in _sentences():
        hit = pattern.search(line)
        if hit is None or _ASIDE.search(line[: hit.start()]) or _ASIDE.search(hit[0]):
            continue
        if _OVER.match(line[hit.end() :]) or explains(line, hit.start(), hit.end()):
            continue
        named = hit.groupdict()
        status = named["status"] or STATUS_WORDS[_joined(named["word"])]
        return Call(at, ", ".join(addresses_in(line)), status)
    return None


def _joined(word: str) -> str:
    """Return a status in words as Graph spells it."""
    plain = word.replace(" ", "").lower()
    return next(spelt for spelt in STATUS_WORDS if spelt.lower() == plain)
