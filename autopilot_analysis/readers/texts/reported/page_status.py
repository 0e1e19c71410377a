"""What the status page wrote of its phases, as JSON in a text, cut or whole -> properties.

Windows keeps it in `DeviceSetupCategory.Status` and its like; monitors hand it on under names of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.readers.texts.properties import Properties

PAGE_STATUS = "Status page"
"""Section of each part; its name is the phase (such as DeviceSetup), its value part, state and words."""
_PHASE = r"(?P<{}>DevicePreparation|DeviceSetup|AccountSetup)"
_PART = late(
    rf'"(?:{_PHASE.format("own")}\.)?(?P<part>[A-Z][A-Za-z]{{2,40}}?)(?:Subcategory)?"\s{{0,40}}:\s{{0,40}}'
    r'\{(?P<inside>[^{}]{0,600})|"category"\s{0,40}:\s{0,40}"'
    rf'{_PHASE.format("named")}"|\b{_PHASE.format("key")}Category\b'
)
"""A part of a phase with what stands in it, or the name of the phase whose parts follow."""
_STATE = late(r'"(?:subcategoryS|s)tate"\s{0,40}:\s{0,40}"(?P<state>\w{3,30})"')
_WORDS = late(r'"(?:subcategoryS|s)tatusText"\s{0,40}:\s{0,40}"(?P<words>[^"]{0,300})"')
_SAYS = late(r'"categoryStatus(?:Text|Message)"\s{0,40}:\s{0,40}"([^"]{0,300}0x[0-9a-fA-F]{8}[^"]{0,100})"')
"""What the page says of a phase with a code; said of its part that failed where that has none."""


class PagePart(msgspec.Struct, frozen=True):
    """A part of a phase of the page, as a text shows it last; `line` is counted from 1."""

    phase: str
    part: str
    state: str
    words: str
    line: int


def find_page_status(content: bytes) -> Reading | None:
    """Return the parts of the status page that a text shows with their states; None without any.

    Args:
        content: The whole file.
    """
    found = Properties()
    last = {(one.phase, one.part): one for one in _parts("\n".join(written_lines(content)))}
    for one in last.values():
        found.add(PAGE_STATUS, one.phase, f"{one.part} {one.state}: {one.words}", one.line)
    return found.reading() if len(found) else None


def read_page_status(content: bytes, member: str = "") -> Reading:
    """Return the parts of the status page that a text shows with their states.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Raises:
        NotThisFormat: It shows none.
    """
    if (reading := find_page_status(content)) is None:
        raise NotThisFormat.of(member, "shows no part of the status page with its state.")
    return reading


def _parts(text: str) -> Iterator[PagePart]:
    plain, phase = text.replace('\\"', '"'), None
    coded = _SAYS.findall(plain)
    for hit in _PART.finditer(plain):
        if hit["inside"] is None:
            phase = hit["named"] or hit["key"]
            continue
        state, words = _STATE.search(hit["inside"]), _WORDS.search(hit["inside"])
        if state is not None and (of_phase := hit["own"] or phase) is not None:
            line = plain.count("\n", 0, hit.start("inside") + state.start()) + 1
            shown = words["words"] if words else ""
            if len(coded) == 1 and state["state"] == "failed" and "0x" not in shown:
                shown = f"{shown}; {coded[0]}".removeprefix("; ")
            yield PagePart(of_phase, hit["part"], state["state"], shown, line)
