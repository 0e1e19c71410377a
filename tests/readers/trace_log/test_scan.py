"""One pass over a trace: everything counted, rows in order of time."""

from uuid import UUID

from autopilot_analysis.readers.trace_log import scan
from autopilot_analysis.readers.trace_log.records import Kind
from autopilot_analysis.readers.trace_log.scan import scan_trace
from autopilot_analysis.readers.trace_log.trace_log import read_trace_log
from autopilot_analysis.samples.formats.trace_values import TraceField

LIVE_ID = UUID("05f02597-fe85-4e67-8542-69567ab8fd4f")
SMALL = 1024


def named(seconds, name, event, **more):
    return event(seconds, fields=(TraceField("eventName", name),), **more)


def test_buffers_of_two_processors_are_read_in_order_of_time(trace, event, payloads):
    events = [named(n, f"e{n}", event, processor=n % 2) for n in range(30)]
    content = trace(*events, buffer_bytes=SMALL)
    assert [row["eventName"] for row in payloads(content)] == [f"e{n}" for n in range(30)]
    assert read_trace_log(content).rows["events"]["record"].to_list() == list(range(2, 32))


def test_records_at_one_time_keep_their_order_in_the_file(trace, event, payloads):
    content = trace(*(named(1, f"e{n}", event) for n in range(5)))
    assert [row["eventName"] for row in payloads(content)] == [f"e{n}" for n in range(5)]


def test_every_event_is_counted_whether_or_not_it_becomes_a_row(trace, event):
    noise = event(2, "Noise", provider="Microsoft-Windows-LiveId", provider_guid=LIVE_ID)
    found = scan_trace(trace(event(opcode=1), event(opcode=2), noise))
    own = "Microsoft.Windows.Shell.CloudExperienceHost"
    assert found.kinds == {Kind.SYSTEM: 1, Kind.EVENT: 3}
    assert found.census == {
        (own, "WebAppEvent1", 1): 1,
        (own, "WebAppEvent1", 2): 1,
        ("Microsoft-Windows-LiveId", "Noise", 0): 1,
    }
    assert found.left == {"Microsoft-Windows-LiveId": 1}
    assert [number for number, _ in found.events] == [2, 3]


def test_no_trace_gives_more_rows_than_a_table_can_hold(trace, event, monkeypatch):
    monkeypatch.setattr(scan, "MOST_EVENTS", 3)
    found = scan_trace(trace(*(event(n) for n in range(5))))
    assert (len(found.events), found.beyond) == (3, 2)


def test_the_rows_of_a_trace_end_at_half_a_million():
    assert scan.MOST_EVENTS == 500_000
