"""How many of several devices somebody writes that something met: his own count, none that was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autopilot_analysis.facts.quotes import is_former
from autopilot_analysis.patterns import late

MOST = 2
"""So many shares of a text are kept."""
_SEARCHED = 2048
_DEVICES = (
    r"(?:(?:new |test |hybrid |Windows ){0,2}(?:devices?|laptops?|notebooks?|computers?|PCs?|machines?|"
    r"clients?|workstations?|endpoints?|tablets?)|Geräten?|Rechnern?|Computern|postes|appareils|ordinateurs|equipos|"
    r"dispositivos|dispositivi)"
)
_MEETS = (
    r"(?:fail\w{0,3}|enrol\w{0,5}|retrieve\w?|g[eo]ts?|got|receive\w?|work\w{0,2}|stops?|stopped|hangs?|hung|stuck|"
    r"succeed\w{0,2}|finish\w{0,2}|join\w{0,2}|register\w{0,2}|show\w?|have|had|do|did|don|are|were|is|scheitern|"
    r"hängen|bleiben|funktionieren|sind|haben|échouent|sont|fallan|falliscono)"
)
_PLACE = r"(?<!step )(?<!part )(?<!page )(?<!retry )(?<!attempt )(?<!try )(?<!phase )(?<![\w(/.-])"
_SHARE = late(
    rf"(?i){_PLACE}(?:out of |of |von )(?:our |the |all |unseren )?(?P<all>\d{{1,6}}) {_DEVICES},? "
    rf"(?:only |just |nur )?(?P<some>\d{{1,6}})(?: \w{{1,12}})? {_MEETS}\b"
    rf"|{_PLACE}(?P<part>\d{{1,6}}) (?:out of|of|von|sur|de) (?:our |the |all |unseren |nos |den )?"
    rf"(?P<whole>\d{{1,6}})(?: {_DEVICES})? (?:still |all |now |only )?{_MEETS}\b"
    rf"|(?:\b(?:less|fewer|more) than |\b(?:only|about|around|nur|weniger als|etwa|moins de) )?"
    rf"(?<![\d.,])(?P<percent>\d{{1,2}}(?:[.,]\d)?) ?(?:%|percent|Prozent) (?:of |der |aller |des )?"
    rf"(?:our |the |all |my |unserer )?{_DEVICES}[^.!?\n]{{0,30}}?\b{_MEETS}\b"
)
_END = late(r"[.!?;\n]")
"""Where what is counted comes to its end."""
_DENIED = late(r"(?i)\b(?:if|whether|suppose|say|falls|ob|once)\b[^.!?]{0,60}$")


@dataclass(frozen=True, slots=True)
class Share:
    """A share of devices.

    Attributes:
        line: Where it stands, from 0.
        text: The words, up to the end of their sentence.
    """

    line: int
    text: str


def shares_in(lines: Sequence[str]) -> list[Share]:
    """Return the first few shares of devices that a text counts; no question and no other times.

    Args:
        lines: Of the text, without their ends.

    Example:
        >>> shares_in(["Out of 40 laptops 37 fail, 3 enrol fine."])[0].text
        'Out of 40 laptops 37 fail, 3 enrol fine'
    """
    found = [share for at, line in enumerate(lines) if (share := _share(at, line[:_SEARCHED])) is not None]
    return found[:MOST]


def _share(at: int, line: str) -> Share | None:
    for hit in _SHARE.finditer(line):
        end = _END.search(line, hit.end())
        before = line[: hit.start()]
        asked = end is not None and end[0] == "?"
        if asked or not _is_part(hit.groupdict()) or _DENIED.search(before) or is_former(before):
            continue
        return Share(at, line[hit.start() : end.start() if end else len(line)].strip())
    return None


def _is_part(named: dict[str, str | None]) -> bool:
    """Tell whether the smaller number is of the larger one, and the larger of several devices."""
    some, whole = named["some"] or named["part"], named["all"] or named["whole"]
    return not (some and whole) or (int(some) <= int(whole) and int(whole) > 1)
