"""Event logs are written so that independent parsers read the same from them, and what was meant."""

import json
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest
from evtx import PyEvtxParser
from Evtx.Evtx import Evtx

from autopilot_analysis.errors import BadInput
from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log
from autopilot_analysis.samples.formats.event_values import Hex32, Hex64, Sid, UInt64

SPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"
PROVIDER = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
GUID = UUID("bab3ad92-fb96-5902-450b-b8421bdec7bd")
BEGIN = datetime(2026, 3, 2, 8, 0, 0, 125000, tzinfo=UTC)


def record(number, event_id=171, **kind):
    at = BEGIN + timedelta(seconds=number)
    place = {"channel": f"{PROVIDER}/Autopilot", "computer": "AP-0001"}
    return EventRecord(
        number, at, kind.pop("provider", PROVIDER), kind.pop("guid", GUID), event_id, **place, **kind
    )


def written(tmp_path, records):
    path = tmp_path / "log.evtx"
    path.write_bytes(write_event_log(records))
    return path


def rust_records(path):
    return [
        (r["event_record_id"], ElementTree.fromstring(r["data"])) for r in PyEvtxParser(str(path)).records()
    ]


def python_records(path):
    with Evtx(str(path)) as log:
        return [(r.record_num(), ElementTree.fromstring(r.xml())) for r in log.records()]


def plain(number, element):
    """An event as names and values, with the spelling of GUIDs, instants and hexadecimals made one."""
    rows = [("record", str(number))]
    for part in element.iter():
        name = part.tag.removeprefix(SPACE)
        rows += [(f"{name}@{key}", alike(value)) for key, value in sorted(part.attrib.items())]
        rows.append((name, alike((part.text or "").strip())))
    return rows


def alike(text):
    text = text.strip("{}")
    if text.startswith("0x"):
        return int(text, 16)
    if len(text) > 18 and text[4:5] == "-" and text[10:11] in ("T", " "):
        instant = datetime.fromisoformat(text)
        return round(instant.timestamp() * 1000)
    return text.lower()


WORDS = {"Text": "Gerät 日本 🙂", "Empty": "", "Many": 3_999_999_999}
USER = "S-1-12-1-1-2-3-4294967295"
BOOT = {"": ["10.00.", "22631", "", "0"]}
MIXED = [
    record(1, data={"HRESULT": Hex32(0x81039001), **WORDS}),
    record(2, 160),
    record(3, 753, data={"AttemptNumber": -747, "At": BEGIN, "Big": UInt64(2**40), "Bits": Hex64(2**63)}),
    record(4, 5, user_sid=USER, activity_id=UUID(int=7), data={"Yes": True, "Sid": Sid("S-1-5-18")}),
    record(5, 6009, provider="EventLog", guid=None, qualifiers=32768, data=BOOT),
]


def test_two_independent_parsers_read_the_same_events(tmp_path):
    path = written(tmp_path, MIXED)
    rust = [plain(*entry) for entry in rust_records(path)]
    python = [plain(*entry) for entry in python_records(path)]
    assert len(rust) == len(MIXED)
    assert rust == python


def test_values_come_back_as_they_were_meant(tmp_path):
    path = written(tmp_path, MIXED)
    events = [json.loads(r["data"])["Event"] for r in PyEvtxParser(str(path)).records_json()]
    assert events[0]["EventData"]["HRESULT"] == "0x81039001"
    assert events[0]["EventData"]["Text"] == "Gerät 日本 🙂"
    assert events[0]["EventData"]["Many"] == 3_999_999_999
    assert events[2]["EventData"]["AttemptNumber"] == -747
    assert events[2]["EventData"]["At"] == "2026-03-02T08:00:00.125000Z"
    assert events[2]["EventData"]["Big"] == 2**40
    assert events[3]["EventData"]["Yes"] is True
    assert events[3]["System"]["Security"]["#attributes"]["UserID"] == "S-1-12-1-1-2-3-4294967295"
    assert events[4]["System"]["EventID"]["#attributes"]["Qualifiers"] == 32768
    assert events[4]["EventData"]["Data"]["#text"] == ["10.00.", "22631", "", "0"]


def test_every_checksum_is_right_over_several_chunks(tmp_path):
    records = [record(n, data={"Message1": f"text {n}" * 20, f"Field{n % 7}": n}) for n in range(1, 401)]
    path = written(tmp_path, records)
    assert path.stat().st_size > 4096 + 2 * 65536
    with Evtx(str(path)) as log:
        header = log.get_file_header()
        assert header.calculate_checksum() == header.checksum()
        assert all(chunk.verify() for chunk in header.chunks())
        assert header.next_record_number() == 401
    assert [number for number, _ in rust_records(path)] == list(range(1, 401))
    assert [number for number, _ in python_records(path)] == list(range(1, 401))


def test_a_chunk_that_is_full_to_the_last_bytes_loses_no_record(tmp_path):
    records = [record(n, data={"Message1": "x" * (n % 900)}) for n in range(1, 300)]
    names = [e.find(f".//{SPACE}Data").text or "" for _, e in rust_records(written(tmp_path, records))]
    assert [len(name.strip()) for name in names] == [n % 900 for n in range(1, 300)]


def test_a_log_without_records_holds_one_empty_chunk(tmp_path):
    path = written(tmp_path, [])
    assert path.stat().st_size == 4096 + 65536
    assert rust_records(path) == []
    with Evtx(str(path)) as log:
        assert all(chunk.verify() for chunk in log.get_file_header().chunks())


def test_a_record_larger_than_a_chunk_is_refused():
    with pytest.raises(BadInput, match="record 1 is larger than a chunk"):
        write_event_log([record(1, data={"Message1": "x" * 40_000})])


def test_the_same_records_give_the_same_bytes():
    assert write_event_log(MIXED) == write_event_log(MIXED)


def test_names_carry_the_hash_that_windows_gives_them():
    log = write_event_log([record(1)])
    for name, expected in (("Event", 0x0CBA), ("System", 0x546F), ("Provider", 0x7BF1), ("EventID", 0x61F5)):
        spelt = struct.pack("<HH", expected, len(name)) + name.encode("utf-16-le") + b"\0\0"
        assert spelt in log
