"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from autopilot_analysis.facts.code_pages import decoded
from autopilot_analysis.facts.event_documents import are_event_documents
from autopilot_analysis.facts.event_lists import (
    are_event_objects,
    channel_listed,
    is_event_clixml,
    list_shape,
)
from autopilot_analysis.facts.event_texts import CHANNEL, EVENT_ELEMENT, channel_pasted
from autopilot_analysis.facts.listed_objects import listed_in
from autopilot_analysis.facts.paste_marks import without_paste_marks
from autopilot_analysis.facts.report_shapes import is_writing
from autopilot_analysis.facts.source_names import REGISTRY_DUMP
from autopilot_analysis.facts.web_answers import head_of

HEAD = 16_384
"""How many first bytes decide."""

CONTAINERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\x1f\x8b", "a gzip file"),
    (0, b"BZh", "a bzip2 file"),
    (0, b"\xfd7zXZ\x00", "an xz file"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (0, b"MSWIM\x00\x00\x00", "a WIM image"),
    (0, b"vhdxfile", "a VHDX disk image"),
    (257, b"ustar", "a tar archive"),
)
"""Containers nobody here unpacks: offset, bytes, words."""
ISO_OFFSET, ISO = 32_769, b"CD001"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins: an old workbook, one that a password protects, a message, a package of MSI."""

EVENT_XML = re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<\w[^>]*>[\s-]*)?" + EVENT_ELEMENT.pattern)
"""How a saved event log begins: the first record, within a root element or without one."""

CONTROL = bytes(code for code in range(32) if code not in b"\t\n\f\r\x1b")
"""Control characters that no text holds."""
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def foreign(head: bytes) -> str | None:
    """Return what container these first bytes belong to, in words, when it is one nobody here unpacks."""
    for offset, magic, words in CONTAINERS:
        if head[offset : offset + len(magic)] == magic:
            return words
    return "an ISO image" if head[ISO_OFFSET : ISO_OFFSET + len(ISO)] == ISO else None


@lru_cache(maxsize=1)
def text_of(head: bytes) -> str | None:
    """Return the first bytes as text, without the marks of a paste, or None when they are no text."""
    text = _as_text(head)
    return None if text is None else without_paste_marks(text)


def _as_text(head: bytes) -> str | None:
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "replace")
    if b"\0" in head:
        if (
            len(head) < 4
            or head[1::2].count(0) < 0.7 * len(head[1::2])
            or head[::2].count(0) > 0.1 * len(head)
        ):
            return None
        return head.decode("utf-16-le", "replace")
    control = len(head) - len(head.translate(None, CONTROL))
    return None if control > 0.02 * len(head) else decoded(head, whole=False)


def kinds_of(head: bytes) -> frozenset[str]:
    """Return every content kind that the first bytes allow, in the words of `facts/sources.csv`.

    Args:
        head: The first bytes; empty for an empty file.
    """
    if not head:
        return frozenset({"empty"})
    for magic, kind in ((b"ElfFile\0", "evtx"), (b"MSCF", "cab"), (b"regf", "hive"), (b"PK\x03\x04", "zip")):
        if head.startswith(magic):
            return frozenset({kind})
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08PK")):
        return frozenset({"zip"})
    text = text_of(head)
    return frozenset({"binary"}) if text is None else frozenset({"text", *_text_kinds(text.lstrip())})


def channel_of(text: str) -> str | None:
    """Return the channel of the first record of an event log saved as XML, as a list or pasted, else None.

    It is "" for a list or a text that does not tell it.
    """
    start = text.lstrip()
    if not EVENT_XML.match(start):
        listed = channel_listed(start)
        return channel_pasted(start) if listed is None else listed
    found = CHANNEL.search(text)
    return found and found[1]


def _text_kinds(text: str) -> list[str]:
    """Return the narrower kinds of a text, by its beginning."""
    text = text[head_of(text) :]
    start = text[:400].lower()
    if start.startswith(("windows registry editor", "regedit4")):
        return ["reg"]
    if start.startswith("[hkey_"):
        return [REGISTRY_DUMP]
    if "<![log[" in text[:HEAD].lower():
        return ["cmtrace"]
    if EVENT_XML.match(text):
        return ["xml", "evtx"]
    if start.startswith("<"):
        if is_event_clixml(text):
            return ["xml", "evtx"]
        return (
            ["html"]
            if re.match(r"(<\?xml[^>]*>|<!--.{0,200}?-->|\s)*<(!doctype html|html)", start, re.DOTALL)
            else ["xml"]
        )
    if re.match(r'\{\s*["}]|\[\s*[\[{"\]]', text):
        return ["json", "evtx"] if are_event_documents(text) or are_event_objects(text) else ["json"]
    preface, _, rest = text.partition("\n")
    header = rest.split("\n", 1)[0] if start.startswith(("#type", "sep=")) else preface
    table = max(header.count(sign) for sign in ",;\t|") > 0
    if table and list_shape(text):
        return ["csv", "evtx"]
    if channel_pasted(text) is not None:
        return ["evtx"]
    if listed := listed_in(text):
        return [listed]
    return ["csv"] if table and not is_writing(text) else []
