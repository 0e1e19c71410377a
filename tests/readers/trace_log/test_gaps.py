"""Gaps: what a trace lost is said and counted, and so is what was not decoded."""

import struct
from uuid import UUID

from autopilot_analysis.readers.trace_log.trace_log import read_trace_log
from autopilot_analysis.samples.formats.trace_values import TraceField

SMALL = 1024


def test_a_trace_that_was_closed_and_read_whole_has_no_gap(trace, event, gaps):
    assert gaps(trace(event())) == []


def test_a_trace_still_open_says_so(trace, event, gaps):
    reason = "the trace was still being written when it was collected: its last events may be missing"
    assert gaps(trace(event(), ended=None)) == [(reason, None)]


def test_overwritten_buffers_are_counted_whether_or_not_the_header_counts_them(trace, event, gaps):
    events = [event(n) for n in range(60)]
    written = len(trace(*events, buffer_bytes=SMALL)) // SMALL
    closed = trace(*events, buffer_bytes=SMALL, ring=4)
    still_open = trace(*events, buffer_bytes=SMALL, ring=4, ended=None)
    expected = (f"at least {written - 5:,} buffers of older events were overwritten", written - 5)
    assert gaps(closed) == [expected]
    assert expected in gaps(still_open)


def test_a_ring_keeps_its_first_buffer_and_the_newest(trace, event, payloads):
    events = [event(n, fields=(TraceField("eventName", f"e{n}"),)) for n in range(60)]
    names = [row["eventName"] for row in payloads(trace(*events, buffer_bytes=SMALL, ring=4))]
    assert names[0] == "e0"
    assert names[-1] == "e59"
    assert names == sorted(names, key=lambda name: int(name[1:]))


def test_buffers_cut_off_at_the_end_are_counted(trace, event, gaps):
    content = trace(*(event(n) for n in range(60)), buffer_bytes=SMALL)
    count = len(content) // SMALL
    reason = f"3 of {count:,} buffers are cut off"
    assert gaps(content[: -3 * SMALL]) == [(reason, 3)]


def test_a_buffer_cut_inside_keeps_its_whole_records(trace, event, gaps, payloads):
    content = trace(event(1), event(2))
    assert gaps(content[:700])[-1] == ("buffers are cut off before their end", 1)
    assert payloads(content[:700]) == [{"eventName": "Visible"}]


def test_lost_events_are_counted(trace, event, gaps):
    reason = "events were lost before they were written: the device was too busy"
    assert gaps(trace(event(), events_lost=7)) == [(reason, 7)]


def test_a_packed_buffer_is_refused_in_one_line_and_the_others_are_read(trace, event, gaps):
    content = bytearray(trace(*(event(n) for n in range(20)), buffer_bytes=SMALL))
    whole = read_trace_log(bytes(content)).count
    struct.pack_into("<H", content, SMALL + 52, 0x41)
    assert gaps(content) == [("compressed buffers are not read", 1)]
    assert 0 < read_trace_log(bytes(content)).count < whole


def test_a_damaged_record_costs_the_rest_of_its_buffer_only(trace, event, gaps):
    content = bytearray(trace(*(event(n) for n in range(20)), buffer_bytes=SMALL))
    whole = read_trace_log(bytes(content)).count
    inside = read_trace_log(bytes(content[:SMALL])).count
    content[SMALL + 72 + 3] = 0
    reason = f"buffers whose records are damaged, first at byte {SMALL + 72:,}; the rest of each is lost"
    assert gaps(content) == [(reason, 1)]
    assert inside < read_trace_log(bytes(content)).count < whole


def test_a_hole_is_named_by_its_place(trace, event, gaps):
    content = bytearray(trace(*(event(n) for n in range(20)), buffer_bytes=SMALL))
    content[SMALL : 2 * SMALL] = bytes(SMALL)
    assert gaps(content) == [(f"no buffer begins where one must, first at byte {SMALL:,}", 1)]


def test_a_trace_without_a_header_gives_its_events_without_instants(trace, event, gaps):
    content = bytearray(trace(event()))
    content[72 + 6] = 9
    reason = "the trace has no readable header: its clock, build and time zone are not known"
    assert gaps(content)[0] == (reason, None)
    assert read_trace_log(bytes(content)).rows["events"]["at"].to_list() == [None]


def test_messages_of_drivers_are_counted_never_guessed(trace, event, gaps):
    content = bytearray(trace(event(), buffer_bytes=SMALL))
    used = struct.unpack_from("<I", content, 48)[0]
    at = used + 7 & ~7
    message = struct.pack("<HBBHH", 40, 0, 0x90, 10, 0xAA) + bytes(16) + struct.pack("<q", 9) + bytes(8)
    content[at : at + 40] = message
    struct.pack_into("<I", content, 48, at + 40)
    reason = "counted, not kept: messages (WPP) whose texts stand in Microsoft's symbol files only"
    assert gaps(content) == [(reason, 1)]


def test_providers_that_are_only_counted_are_named_the_most_frequent_first(trace, event, gaps):
    noise = [
        event(n, "Noise", provider=f"Example.P{n % 6}", provider_guid=UUID(int=n % 6 + 1)) for n in range(11)
    ]
    names = "Example.P0 2, Example.P1 2, Example.P2 2, Example.P3 2, 2 more"
    reason = f"counted, not kept: events that tell nothing of a deployment ({names})"
    assert gaps(trace(event(), *noise)) == [(reason, 11)]


def test_an_event_whose_bytes_do_not_fit_stays_a_row_without_values(trace, event, gaps):
    content = bytearray(trace(event(fields=(TraceField("n", 1, "uint8"),))))
    at = content.index(b"n\0\x04")
    content[at + 2] = 8
    reason = "events whose bytes do not fit their description (Microsoft.Windows.Shell.CloudExperienceHost 1)"
    assert gaps(content) == [(reason, 1)]
    assert read_trace_log(bytes(content)).rows["events"]["data"].to_list() == [None]


def test_an_event_whose_description_is_damaged_is_counted(trace, event, gaps):
    content = bytearray(trace(event(fields=(TraceField("n", 1, "uint8"),))))
    content[content.index(b"n\0\x04") + 2] = 0x64
    assert gaps(content) == [("events whose own description is damaged", 1)]


def test_an_event_that_calls_itself_what_is_only_counted_is_counted(trace, event, gaps):
    core = {
        "provider": "Microsoft.Windows.Shell.CloudExperienceHostCore",
        "provider_guid": UUID("ff91e668-f7be-577e-14a3-44d801cccfa0"),
    }
    harmless = event(1, "CoreEvent3", [TraceField("eventName", "LoadOobeXmlFileFailed")], **core)
    other = event(2, "CoreEvent3", [TraceField("eventName", "Other")], **core)
    content = trace(harmless, other)
    names = "Microsoft.Windows.Shell.CloudExperienceHostCore 1"
    assert gaps(content) == [(f"counted, not kept: events that tell nothing of a deployment ({names})", 1)]
    assert read_trace_log(content).count == 1 + read_trace_log(content).rows["properties"].height
