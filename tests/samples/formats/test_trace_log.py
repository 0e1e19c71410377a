"""Event traces written byte by byte: buffers of one size, a header that says what was kept."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.samples.formats.trace_log import TracedEvent, TraceSettings, write_trace_log
from autopilot_analysis.samples.formats.trace_values import TraceField

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
GUID = UUID("11111111-2222-4333-8444-555555555555")
SETTINGS = TraceSettings(START, START - timedelta(minutes=1), buffer_bytes=0x400)


def events(count, processor=0, size=200):
    fields = [TraceField("text", "x" * size, "ansi")]
    return [
        TracedEvent(
            START + timedelta(seconds=n), "Example.Provider", GUID, f"E{n}", fields, processor=processor
        )
        for n in range(count)
    ]


def buffers(content):
    return [content[place : place + 0x400] for place in range(0, len(content), 0x400)]


def sequence(buffer):
    return struct.unpack_from("<q", buffer, 24)[0]


def test_every_buffer_has_the_size_that_its_header_says():
    content = write_trace_log(events(6), SETTINGS)
    assert len(content) % 0x400 == 0
    assert {struct.unpack_from("<I", buffer)[0] for buffer in buffers(content)} == {0x400}
    assert [sequence(buffer) for buffer in buffers(content)] == list(range(len(buffers(content))))


def test_an_event_lies_whole_in_one_buffer():
    content = write_trace_log(events(6), SETTINGS)
    for n in range(6):
        assert sum(f"E{n}\0".encode() in buffer for buffer in buffers(content)) == 1


def test_each_processor_fills_buffers_of_its_own():
    content = write_trace_log([*events(2), *events(2, processor=1)], SETTINGS)
    processors = [struct.unpack_from("<H", buffer, 40)[0] for buffer in buffers(content)]
    assert set(processors) == {0, 1}


def test_a_ring_keeps_the_first_buffer_and_the_newest():
    whole = buffers(write_trace_log(events(12), SETTINGS))
    kept = buffers(write_trace_log(events(12), replace(SETTINGS, ring=2)))
    assert len(kept) == 3
    assert sequence(kept[0]) == 0
    assert {sequence(buffer) for buffer in kept[1:]} == {len(whole) - 2, len(whole) - 1}


def test_a_record_larger_than_a_buffer_is_refused():
    with pytest.raises(BadInput, match="does not fit into a buffer"):
        write_trace_log(events(1, size=2000), SETTINGS)


def test_the_same_events_give_the_same_bytes():
    assert write_trace_log(events(3), SETTINGS) == write_trace_log(events(3), SETTINGS)
