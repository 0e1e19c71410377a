"""Windows event logs (EVTX, XML, lists, pasted texts) -> `events`, and what the log no longer holds.

`read_event_log` reads one log of any form; `BinaryLogs` reads those of a capture that Windows keeps.
"""

from __future__ import annotations

import re

import polars as pl

from autopilot_analysis.facts.event_documents import are_event_documents
from autopilot_analysis.facts.event_texts import channel_quoted
from autopilot_analysis.readers.event_log.binary_logs import BinaryLogs, without_collections
from autopilot_analysis.readers.event_log.event_chunks import FILE_MAGIC
from autopilot_analysis.readers.event_log.event_xml import read_records
from autopilot_analysis.readers.event_log.lists import event_clixml
from autopilot_analysis.readers.event_log.lists.event_documents import read_event_documents
from autopilot_analysis.readers.event_log.lists.event_list import SHAPING, is_event_list, read_event_list
from autopilot_analysis.readers.event_log.lists.event_objects import read_event_objects
from autopilot_analysis.readers.event_log.lists.event_text import is_event_text, read_event_text
from autopilot_analysis.readers.event_log.record_gaps import SAVED_LATE, begins_late, holes_in
from autopilot_analysis.readers.event_log.record_rows import events_of_records
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import ANY_MARK, decode

_BEGINS_AS_XML = re.compile(ANY_MARK + rb"[\s\0]*<")
_BEGINS_AS_JSON = re.compile(ANY_MARK + rb"[\s\0]*[\[{]")


def read_event_log(content: bytes, member: str = "") -> Reading:
    """Return the events of one log, ordered by record id, and a gap for whatever is known to be lost.

    Args:
        content: The whole file, sound, cut or damaged; as Windows keeps it, saved as XML, as a list, or
            pasted into a text.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The bytes begin like no event log, XML or list of one, and hold no pasted event.
    """
    if not content.startswith(FILE_MAGIC):
        if event_clixml.BEGINS.match(content):
            return event_clixml.read_event_clixml(content, member)
        if _BEGINS_AS_XML.match(content):
            read = read_event_text if _quotes_behind(content) else _saved_as_xml
            return read(content, member)
        if _BEGINS_AS_JSON.match(content):
            documents = are_event_documents(decode(content[:SHAPING]))
            return (read_event_documents if documents else read_event_objects)(content, member)
        if is_event_list(content):
            return read_event_list(content, member)
        if is_event_text(content):
            return read_event_text(content, member)
    logs = BinaryLogs()
    logs.add(content, member)
    del content  # a large log is let go of before its rows are put together
    reading = logs.answers()[member]
    if isinstance(reading, BaseException):
        raise reading
    return reading


def _quotes_behind(content: bytes) -> bool:
    """Tell whether the text behind pasted XML quotes messages of events."""
    if len(content) > SHAPING:
        return False
    return channel_quoted(decode(content).rpartition("</Event>")[2]) is not None


def _saved_as_xml(content: bytes, member: str) -> Reading:
    """Return the events of a log saved as XML; one file may mix channels, so holes are told of each."""
    records, unread = read_records(content, member)
    with without_collections():
        events = events_of_records(iter([records]))
    for channel in events["channel"].unique().sort():
        ids = events.filter(pl.col("channel").eq_missing(channel))["record"]
        begins = begins_late(ids, SAVED_LATE)
        unread += begins if unread else (*begins, *holes_in(ids, 0))
    return Reading({"events": events}, tuple(unread))
