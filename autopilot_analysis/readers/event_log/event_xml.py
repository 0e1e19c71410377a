"""Event logs saved as XML -> the records that the EVTX parser would have yielded.

The Event Viewer writes one root element `Events` around the records, `wevtutil /f:xml` and `ToXml` of
PowerShell write them one after another, without a root or with one of any name. Each record is an element
`Event` (Microsoft: Event schema) and is parsed on its own, so that damage stays inside it and is counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.event_log.event_chunks import EXPORT_AGAIN
from autopilot_analysis.readers.event_log.event_record import Record
from autopilot_analysis.readers.event_log.event_xml_cut import until_cut
from autopilot_analysis.readers.reading import REST_MISSING, Unread
from autopilot_analysis.readers.text import decode

_BEGIN = late(r"<Event[\s>]")
_END = "</Event>"
_DEEPEST = 32
_PARTS = ("System", "EventData", "UserData", "ProcessingErrorData")
"""What a record itself says; RenderingInfo repeats it in the language of whoever saved the log."""
_NUMBER = late(r"0|-?[1-9]\d{0,17}")
_TRUTH = ("true", "false")
_INSTANT = late(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\d+Z")
"""An instant is printed finer here than the EVTX parser prints it."""


def read_records(content: bytes, member: str = "") -> tuple[list[Record], list[Unread]]:
    """Return the records of a log saved as XML, and a gap for what could not be read.

    Args:
        content: The whole file, sound or cut.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The text declares a document type or holds no beginning of a record.
    """
    text = decode(content)
    if "<!DOCTYPE" in text:
        raise NotThisFormat.document_type(member, "a saved event log")
    if not _BEGIN.search(text):
        raise NotThisFormat.no_events(member, "one saved as XML")
    records: list[Record] = []
    damaged, cut = 0, False
    for number, element in enumerate(elements_in(text), 1):
        record = element.record()
        if record is not None:
            records.append((number, record))
        cut |= element.cut
        damaged += record is None and not element.cut
    return records, gaps_of(damaged, cut=cut)


def gaps_of(damaged: int, *, cut: bool) -> list[Unread]:
    """Return what to say of records that could not be read.

    Args:
        damaged: How many are ill-formed.
        cut: Whether the text breaks off inside one.
    """
    unread = []
    if damaged:
        reason = "records that are ill-formed XML could not be read"
        unread.append(Unread(reason, count=damaged, advice=EXPORT_AGAIN))
    if cut:
        reason = f"the file breaks off inside a record; {REST_MISSING}"
        unread.append(Unread(reason, advice=EXPORT_AGAIN))
    return unread


class EventElement(msgspec.Struct, frozen=True):
    """The XML of one record within a text.

    Attributes:
        text: As it stands there.
        begin: Where it begins.
        end: Where it ends; where it breaks off, that is the end of what is whole of it.
        cut: Whether it breaks off and no other follows.
    """

    text: str
    begin: int
    end: int
    cut: bool

    def record(self) -> str | None:
        """Return the record as the EVTX parser spells it in JSON: of a cut one what is whole of it."""
        text = until_cut(self.text)[0] if self.cut else self.text
        try:
            return None if text is None else _record(text)
        except (ParseError, DefusedXmlException, ValueError):
            return None


def elements_in(text: str) -> Iterator[EventElement]:
    """Yield the XML of each record; one within which the next begins ends there.

    Args:
        text: Any text.
    """
    begin = _BEGIN.search(text)
    while begin is not None:
        following = _BEGIN.search(text, begin.end())
        until = following.start() if following else len(text)
        end = text.find(_END, begin.end(), until)
        cut = end < 0 and following is None
        until = until if end < 0 else end + len(_END)
        start = begin.start()
        whole = start + until_cut(text[start:])[1] if cut else until
        yield EventElement(text[start:until], start, whole, cut)
        begin = following


def _record(text: str) -> str:
    """Return a record as the EVTX parser spells it in JSON."""
    event = fromstring(text, forbid_dtd=True)
    parts = [(name, part) for part in event if (name := _name(part)) in _PARTS]
    return '{"Event":' + _object([(name, _event_part(name, part)) for name, part in parts]) + "}"


def _event_part(name: str, part: Element) -> str:
    if name != "EventData":
        return _json(part, 1, typed=name == "UserData")
    pairs = [(label, _value(item.text)) for item in part if (label := item.get("Name")) is not None]
    bare = [_value(item.text) for item in part if _name(item) == "Data" and item.get("Name") is None]
    pairs += [("Data", '{"#text":[' + ",".join(bare) + "]}")] if bare else []
    pairs += [(_name(item), _value(item.text)) for item in part if _name(item) != "Data"]
    return _object(pairs) if pairs else "null"


def _json(element: Element, depth: int, *, typed: bool) -> str:
    """Return an element with its attributes and children; `typed` turns numbers and truths into such."""
    if depth > _DEEPEST:
        raise ValueError("elements lie deeper than those of any event")
    attributes = [(name, json.dumps(_activity(name, value))) for name, value in element.items()]
    pairs = [("#attributes", _object(attributes))] if attributes else []
    pairs += [(_name(child), _json(child, depth + 1, typed=typed)) for child in element]
    text = _value(element.text) if typed else json.dumps(element.text or "")
    if not pairs:
        return text if element.text else "null"
    if (element.text or "").strip():
        pairs.append(("#text", text))
    return _object(pairs)


def _value(text: str | None) -> str:
    """Return a field's value in JSON: a number or a truth as such, as the log's own types would be."""
    text = _INSTANT.sub(r"\1Z", text or "")
    return text if _NUMBER.fullmatch(text) or text in _TRUTH else json.dumps(text, ensure_ascii=False)


def _activity(name: str, value: str) -> str:
    return value.strip("{}").upper() if name == "ActivityID" else value


def _object(pairs: list[tuple[str, str]]) -> str:
    """Return a JSON object of values that are JSON already; a name may come twice."""
    return "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{value}" for name, value in pairs) + "}"


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
