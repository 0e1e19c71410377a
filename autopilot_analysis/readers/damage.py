"""Cut texts and holes in them: what every text reader says when its file is not whole."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from autopilot_analysis.facts.source_names import MDM_REPORT_HTML, REGISTRY_DUMP
from autopilot_analysis.readers.formats import READERS
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import utf8

LEAST_HOLE = 32
"""So many zeros no text holds: a power cut or a full disk leaves them where a file grew unwritten."""
ZEROS = bytes(LEAST_HOLE)
HOLE = re.compile(ZEROS + rb"\0*")
AGAIN = "collect it again; what stood there is lost in this copy"
BREAKS = re.compile(r"breaks? off|ill-formed")
"""How a reader says itself that its file is cut."""


class Damage(msgspec.Struct, frozen=True):
    """What shows in the bytes of a member: its holes, and where it breaks off."""

    holes: tuple[Unread, ...] = ()
    cut: Unread | None = None


def find_damage(content: bytes, reader: str) -> Damage:
    """Return each hole of a text, and whether it breaks off before its end.

    Args:
        content: The whole member.
        reader: The reader's name in facts/sources.csv.
    """
    if not READERS[reader].form or not content:
        return Damage()
    return Damage(tuple(_holes(content)), _cut(content, reader))


def add_damage(reading: Reading, damage: Damage) -> Reading:
    """Return the reading with a gap for each hole, and for a text that breaks off before its end.

    A reader that says itself that its file is cut is not repeated.

    Args:
        reading: What the reader brought out.
        damage: What shows in its bytes.
    """
    known = any(BREAKS.search(unread.reason) for unread in reading.unread)
    cut = () if known or damage.cut is None else (damage.cut,)
    found = (*damage.holes, *cut)
    return replace(reading, unread=(*reading.unread, *found)) if found else reading


def _holes(content: bytes) -> list[Unread]:
    """Return one gap for all holes: where the first begins, how many there are, how many bytes they take."""
    if (begin := content.find(ZEROS)) < 0:  # so it is with nearly every text, and the pattern takes longer
        return []
    holes = [match.span() for match in HOLE.finditer(content, begin)]
    first, lost = holes[0][0], sum(end - start for start, end in holes)
    line = content.count(b"\n", 0, first) + 1
    reason = f"holes of zeros, {lost:,} bytes in all, the first in line {line:,}: what stood there is lost"
    return [Unread(reason, record=line, count=len(holes), advice=AGAIN)]


def _cut(content: bytes, reader: str) -> Unread | None:
    """Return a gap when the text ends otherwise than every whole one does; most are not decoded for it."""
    ending = ENDINGS.get(reader)
    lines = READERS[reader].form == "lines"
    if not lines and ending is None:
        return None
    text = utf8(content)
    ends = text.count(b"\n")
    if lines and ends > 1 and not text.endswith(b"\n"):
        words = "the file breaks off in its last line, which alone has no line end"
        return Unread(words, record=ends + 1, count=1, advice=AGAIN)
    why = ending(text.decode()) if ending else None
    return Unread(why, record=ends or 1, advice=AGAIN) if why else None


BORDER = re.compile(r"[ \t]*\+-{10,}\+?[ \t]*")
TITLE = re.compile(r"[ \t]*\|(?P<title>[^|]*)\|[ \t]*")


def _of_dsregcmd(text: str) -> str | None:
    """Say what is missing: every box closes with a border, and a whole status ends with the last box."""
    lines = [line for line in text.splitlines() if line.strip()]
    titles = [match["title"].strip() for line in lines if (match := TITLE.fullmatch(line))]
    if not titles or lines[-1].lstrip().startswith("For more information"):
        return None
    closed = (
        BORDER.fullmatch(lines[-1]) and not BORDER.fullmatch(lines[-2]) and not TITLE.fullmatch(lines[-2])
    )
    if not closed:
        return (
            f"the status breaks off inside or before a box: the last one, {titles[-1]}, has no closing border"
        )
    if titles[0] == "Device State" and titles[-1] != "Ngc Prerequisite Check":
        return f"the status ends with {titles[-1]}: it breaks off before its last box, Ngc Prerequisite Check"
    return None


def _of_registry(text: str) -> str | None:
    """Say that the last value is followed by no empty line, as every whole registry file ends."""
    end = text[len(text.rstrip()) :]
    return None if end.count("\n") > 1 else "the registry file breaks off: no empty line ends it"


def _of_page(text: str) -> str | None:
    """Say which element of a page was opened more often than it was closed, or the other way round."""
    low = text.lower()
    for tag in ("html", "body", "table", "tr"):
        opened, closed = len(re.findall(rf"<{tag}[\s>]", low)), low.count(f"</{tag}>")
        if opened != closed:
            return f"the page is ill-formed: <{tag}> is opened {opened:,} and closed {closed:,} times"
    return None


ENDINGS: dict[str, Callable[[str], str | None]] = {
    "dsregcmd": _of_dsregcmd,
    REGISTRY_DUMP: _of_registry,
    "registry_export": _of_registry,
    MDM_REPORT_HTML: _of_page,
}
"""How files of a kind end, by reader."""
