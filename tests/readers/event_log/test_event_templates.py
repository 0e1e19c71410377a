"""What an event log says of its events serves traces that hold the same events without any description."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.readers.event_log import event_templates
from autopilot_analysis.readers.event_log.event_templates import event_layouts
from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log
from autopilot_analysis.samples.formats.event_values import Hex32
from autopilot_analysis.samples.formats.trace_log import TracedEvent, TraceSettings, write_trace_log
from autopilot_analysis.samples.formats.trace_values import TraceField

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
AUTOPILOT = UUID("bab3ad92-fb96-5902-450b-b8421bdec7bd")
NAME = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
FIELDS = {"HRESULT": Hex32(0x80180014), "Message1": "refused", "Count": 7, "Done": True}


def log(*records, provider_guid=AUTOPILOT):
    return write_event_log(
        [
            EventRecord(
                record_id=n, at=START, provider=NAME, provider_guid=provider_guid, event_id=event_id,
                version=version, channel="Example/Autopilot", computer="PC-1", data=data,
            )
            for n, (event_id, version, data) in enumerate(records, 1)
        ]
    )  # fmt: skip


def key(event_id, version=0):
    return AUTOPILOT.bytes_le, event_id, version


def fields(layout):
    return [(field.name, field.kind) for field in layout.fields]


def test_names_and_types_stand_in_the_order_of_the_payload():
    found = event_layouts(log((171, 0, FIELDS)), {key(171)})
    assert fields(found[key(171)]) == [("HRESULT", 20), ("Message1", 1), ("Count", 8), ("Done", 13)]


def test_only_what_is_wanted_is_returned_by_id_and_version():
    content = log((171, 0, FIELDS), (171, 1, {"Message1": "x"}), (172, 0, FIELDS))
    assert set(event_layouts(content, {key(171, 1), key(172), key(9)})) == {key(171, 1), key(172)}
    assert event_layouts(content, set()) == {}


def test_an_event_without_fields_is_described_too():
    assert fields(event_layouts(log((164, 0, {})), {key(164)})[key(164)]) == []


def test_a_log_of_another_provider_tells_nothing():
    assert event_layouts(log((171, 0, FIELDS), provider_guid=UUID(int=5)), {key(171)}) == {}


@pytest.mark.parametrize("content", [b"", b"ElfFile\0", bytes(5000)])
def test_what_is_no_event_log_tells_nothing(content):
    assert event_layouts(content, {key(171)}) == {}


@pytest.mark.parametrize("seed", range(40))
def test_a_spoilt_log_tells_less_or_the_same_and_raises_nothing(seed):
    content = bytearray(log(*((171 + n, 0, FIELDS) for n in range(8))))
    random = Random(seed)
    for _ in range(20):
        content[random.randrange(4096, 8192)] = random.randrange(256)
    wanted = {key(171 + n) for n in range(8)}
    assert set(event_layouts(bytes(content), wanted)) <= wanted


def test_templates_are_walked_four_times_a_chunk_at_most(monkeypatch):
    assert event_templates._MOST_WALKED == 4 * 65536
    monkeypatch.setattr(event_templates, "_MOST_WALKED", 10)
    assert event_layouts(log((171, 0, FIELDS)), {key(171)}) == {}


def test_a_trace_is_decoded_by_the_event_log_beside_it(tmp_path):
    told = [
        TraceField("HRESULT", 0x801C03F2, "hex32"), TraceField("Message1", "later"),
        TraceField("Count", 9, "uint32"), TraceField("Done", 0, "bool32"),
    ]  # fmt: skip
    event = TracedEvent(START + timedelta(seconds=5), "", AUTOPILOT, fields=told, event_id=171)
    trace = write_trace_log([event], TraceSettings(START, START, ended=START + timedelta(minutes=1)))
    (tmp_path / "Collector.etl").write_bytes(trace)
    (tmp_path / "moderndeployment-diagnostics-provider-autopilot.evtx").write_bytes(log((171, 0, FIELDS)))
    with open_export(tmp_path) as export:
        tables = read_tables(export)
    traced = tables.events.filter(member="Collector.etl")
    assert traced["data"].to_list() == ['{"HRESULT":"0x801c03f2","Message1":"later","Count":9,"Done":false}']
    assert tables.gaps.is_empty()
