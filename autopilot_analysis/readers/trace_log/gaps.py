"""What a trace lost, and what in it was not decoded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from autopilot_analysis.readers.reading import EARLIER, Unread
from autopilot_analysis.readers.trace_log.header import TraceHeader
from autopilot_analysis.readers.trace_log.instants import TraceClock
from autopilot_analysis.readers.trace_log.records import Kind
from autopilot_analysis.readers.trace_log.scan import MOST_EVENTS, Buffers, Scan
from autopilot_analysis.wording import and_more

COUNTED = "counted, not kept: "
"""How a gap begins that takes nothing from what the trace can prove."""
COLLECT_AGAIN = "export it again from the device"
_OLDER = f"{EARLIER} an event log or in an earlier trace"
_NAMED = 4
"""So many names are listed; the rest are counted."""


def lost_gaps(scan: Scan) -> Iterator[Unread]:
    """Yield what is missing from a trace: never written, overwritten, cut off or damaged.

    Args:
        scan: Of the whole trace.
    """
    header, buffers = scan.header, scan.buffers
    if header is None:
        reason = "the trace has no readable header: its clock, build and time zone are not known"
        yield Unread(reason, advice=COLLECT_AGAIN)
    else:
        yield from _header_gaps(header, buffers)
    yield from _damage_gaps(buffers)
    if header is not None and not TraceClock(header).explained:
        reason = "the trace counts time in a way that cannot be turned into UTC: its events have no instant"
        yield Unread(reason, count=scan.kinds[Kind.EVENT], whole=True)


def undecoded_gaps(scan: Scan, undescribed: Counter[str], misfits: Counter[str]) -> Iterator[Unread]:
    """Yield what lies whole in the trace and was counted instead of decoded.

    Args:
        scan: Of the whole trace.
        undescribed: Events without a description anywhere in the capture, by provider.
        misfits: Events whose payload breaks its description, by provider.
    """
    if messages := scan.kinds[Kind.MESSAGE]:
        reason = f"{COUNTED}messages (WPP) whose texts stand in Microsoft's symbol files only"
        yield Unread(reason, count=messages, whole=True)
    if left := scan.left.total():
        reason = f"{COUNTED}events that tell nothing of a deployment ({_most(scan.left)})"
        yield Unread(reason, count=left, whole=True)
    if scan.beyond:
        reason = f"events behind the first {MOST_EVENTS:,} that would become rows: counted"
        yield Unread(reason, count=scan.beyond)
    if undescribed:
        reason = f"events without a description in this export, their values unknown ({_most(undescribed)})"
        advice = "collect a merged trace or the event log of the same provider beside it"
        yield Unread(reason, count=undescribed.total(), advice=advice, whole=True)
    if misfits:
        reason = f"events whose bytes do not fit their description ({_most(misfits)})"
        yield Unread(reason, count=misfits.total(), whole=True)
    if scan.broken:
        yield Unread("events whose own description is damaged", count=scan.broken, advice=COLLECT_AGAIN)


def _most(counts: Counter[str]) -> str:
    named = [f"{name} {count:,}" for name, count in counts.most_common(_NAMED)]
    more = and_more(len(counts) - len(named), "")
    return ", ".join([*named, *([more] if more else [])])


def _header_gaps(header: TraceHeader, buffers: Buffers) -> Iterator[Unread]:
    if not header.ended:
        reason = "the trace was still being written when it was collected: its last events may be missing"
        yield Unread(reason, whole=True)
    written = header.buffers_written or buffers.highest + 1
    missing = written - buffers.kept - len(buffers.holes)
    if missing > 0 and header.circular:
        reason = f"at least {missing:,} buffers of older events were overwritten"
        yield Unread(reason, count=missing, advice=_OLDER, whole=True)
    elif missing > 0:
        yield Unread(f"{missing:,} of {written:,} buffers are cut off", count=missing, advice=COLLECT_AGAIN)
    if header.events_lost:
        reason = "events were lost before they were written: the device was too busy"
        yield Unread(reason, count=header.events_lost, whole=True)
    if header.buffers_lost:
        reason = "buffers were lost before they were written: the device was too busy"
        yield Unread(reason, count=header.buffers_lost, whole=True)


def _damage_gaps(buffers: Buffers) -> Iterator[Unread]:
    if buffers.compressed:
        reason = "compressed buffers are not read"
        advice = "collect the trace without compression (logging mode 0x04000000)"
        yield Unread(reason, count=buffers.compressed, advice=advice)
    if buffers.holes:
        first = buffers.holes[0].offset
        reason = f"no buffer begins where one must, first at byte {first:,}"
        yield Unread(reason, count=len(buffers.holes), advice=COLLECT_AGAIN)
    if buffers.damage:
        first = buffers.damage[0].offset
        reason = f"buffers whose records are damaged, first at byte {first:,}; the rest of each is lost"
        yield Unread(reason, count=len(buffers.damage), advice=COLLECT_AGAIN)
    if buffers.cut:
        yield Unread("buffers are cut off before their end", count=buffers.cut, advice=COLLECT_AGAIN)
