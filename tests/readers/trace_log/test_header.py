"""The header record: what it says of the trace, its clock, its zone and the device."""

from datetime import UTC, datetime, timedelta

from autopilot_analysis.readers.trace_log.header import read_header
from autopilot_analysis.readers.trace_log.instants import filetime
from autopilot_analysis.readers.trace_log.records import raw_time, walk_records
from autopilot_analysis.samples.formats.trace_log import SYSTEM_TIME


def header(content):
    record = next(walk_records(content, 72, len(content)))
    return read_header(content, record, raw_time(content, record))


def instant(value):
    return datetime.fromtimestamp(filetime(value) / 1e6, UTC)


def test_it_says_when_the_device_and_the_trace_began_and_ended(trace, event, start):
    found = header(trace(event()))
    assert instant(found.booted) == start - timedelta(seconds=1)
    assert instant(found.started) == start
    assert instant(found.ended) == start + timedelta(hours=1)


def test_it_says_the_build_the_session_and_the_file(trace, event):
    found = header(trace(event(), build=26100, logger="Session", file_name=r"C:\a.etl"))
    assert (found.build, found.logger, found.file_name) == (26100, "Session", r"C:\a.etl")
    assert (found.buffer_bytes, found.processors, found.pointer) == (0x10000, 2, 8)


def test_it_says_how_the_trace_was_kept(trace, event):
    closed = header(trace(event()))
    ring = header(trace(event(), ring=2, events_lost=5))
    merged = header(trace(event(), relogged=True, clock=SYSTEM_TIME, ended=None))
    assert (closed.circular, closed.relogged, closed.buffers_written, closed.clock) == (False, False, 1, 1)
    assert (ring.circular, ring.events_lost) == (True, 5)
    assert (merged.relogged, merged.clock, merged.ended, merged.buffers_written) == (True, 2, 0, 0)


def test_a_zone_without_a_rule_has_no_daylight_time(trace, event):
    zone = header(trace(event(), bias=300, zone_name="@tzres.dll,-112")).zone
    assert (zone.bias, zone.name, zone.daylight) == (300, "@tzres.dll,-112", False)


def test_a_month_in_the_rule_gives_daylight_time(trace, event):
    content = bytearray(trace(event()))
    rule = 104 + 72 + 4 + 64 + 16 + 4 + 64
    content[rule + 2] = 3
    assert header(bytes(content)).zone.daylight is True


def test_another_record_is_no_header(trace, event):
    content = trace(event())
    _, second = walk_records(content, 72, int.from_bytes(content[48:52], "little"))
    assert read_header(content, second, 0) is None
    short = bytearray(content)
    short[76:78] = (32 + 279).to_bytes(2, "little")
    assert header(bytes(short)) is None
