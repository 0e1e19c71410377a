"""Event traces (ETL) -> `events`, and what is known to be lost.

Self-describing events (TraceLogging) need nothing beside themselves. Events of a manifest need its
description, which merged traces carry along; the traces of one capture lend theirs to one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.trace_log.events import TraceEvent
from autopilot_analysis.readers.trace_log.gaps import lost_gaps, undecoded_gaps
from autopilot_analysis.readers.trace_log.header_rows import header_rows
from autopilot_analysis.readers.trace_log.instants import TraceClock
from autopilot_analysis.readers.trace_log.payload.layout import Layout, Misfit
from autopilot_analysis.readers.trace_log.payload.self_described import event_layout
from autopilot_analysis.readers.trace_log.payload.templates import Key
from autopilot_analysis.readers.trace_log.payload.values import Value, read_values
from autopilot_analysis.readers.trace_log.providers import only_counted
from autopilot_analysis.readers.trace_log.rows import Decoded, event_rows
from autopilot_analysis.readers.trace_log.scan import Scan, name_of, scan_trace


def read_trace_log(content: bytes, member: str = "") -> Reading:
    """Read one trace by its own descriptions.

    Args:
        content: The whole file, sound, cut or damaged.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: The bytes hold no buffer of a trace.
    """
    traces = TraceLogs()
    traces.add(content, member)
    answer = traces.answers()[member]
    if isinstance(answer, Reading):
        return answer
    raise answer


class TraceLogs:
    """Reads the traces of one capture and decodes them at the end, with the descriptions of them all."""

    def __init__(self) -> None:
        self._scans: dict[str, Scan] = {}
        self._templates: dict[Key, Layout] = {}

    def add(self, content: bytes, member: str = "") -> None:
        """Walk one trace.

        Args:
            content: Its bytes.
            member: Its path; each trace has its own.

        Raises:
            NotThisFormat: The bytes hold no buffer of a trace.
        """
        scan = scan_trace(content, member)
        self._scans[member] = scan
        self._templates = scan.templates | self._templates

    def undescribed(self) -> set[Key]:
        """Return the events that wait for a description which no trace so far carries."""
        kept = (event for scan in self._scans.values() for _, event in scan.events)
        keys = {
            (event.provider, event.event_id, event.version)
            for event in kept
            if not event.schema and not event.xml
        }
        return keys - self._templates.keys()

    def lend(self, layouts: Mapping[Key, Layout]) -> None:
        """Take descriptions that something else than a trace holds; those of traces go before.

        Args:
            layouts: Such as an event log's.
        """
        self._templates = {**layouts, **self._templates}

    def answers(self) -> dict[str, Reading | BaseException]:
        """Return a reading for each trace; what was kept of them is given away."""
        answers: dict[str, Reading | BaseException] = {}
        for member in list(self._scans):
            scan = self._scans.pop(member)
            answers[member] = _reading(scan, self._templates | scan.templates)
        return answers


def _reading(scan: Scan, templates: Mapping[Key, Layout]) -> Reading:
    undescribed: Counter[str] = Counter()
    misfits: Counter[str] = Counter()
    decoded: list[Decoded] = []
    for number, event in scan.events:
        layout = _layout(event, templates)
        values = None
        if layout is None:
            undescribed[name_of(event)] += 1
        else:
            try:
                values = _values(event, layout)
            except Misfit:
                misfits[name_of(event)] += 1
        if values is not None and only_counted(event.provider, str(values.get("eventName", ""))):
            scan.left[name_of(event)] += 1
            continue
        decoded.append((number, event, layout.name if layout and event.schema else None, values))
    rows = event_rows(decoded, TraceClock(scan.header))
    frames = {"events": rows}
    if scan.header is not None:
        frames["properties"] = header_rows(scan.header)
    return Reading(frames, (*lost_gaps(scan), *undecoded_gaps(scan, undescribed, misfits)))


def _layout(event: TraceEvent, templates: Mapping[Key, Layout]) -> Layout | None:
    if event.schema:
        return event_layout(event.schema)
    if event.xml:
        return Layout("", ())
    return templates.get((event.provider, event.event_id, event.version))


def _values(event: TraceEvent, layout: Layout) -> dict[str, Value]:
    if event.xml and not event.schema:
        return {"Xml": event.payload.decode("utf-16-le", "replace").partition("\0")[0]}
    return read_values(layout.fields, event.payload, pointer=event.pointer, own=bool(event.schema))
