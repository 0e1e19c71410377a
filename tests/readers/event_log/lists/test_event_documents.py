"""Records of events as JSON documents, in the spellings of several writers; every value is made up."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.event_log.event_log import read_event_log
from autopilot_analysis.readers.event_log.lists.event_documents import read_event_documents

PROVIDER = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
CHANNEL = f"{PROVIDER}/Autopilot"
AT = datetime(2026, 3, 2, 8, 15, 0, 123456, tzinfo=UTC)
DATA = {"Message1": "Example"}
DUMPED = {
    "Event": {
        "#attributes": {"xmlns": "x"},
        "System": {
            "Provider": {"#attributes": {"Name": PROVIDER}}, "EventID": 100, "Level": 3, "Channel": CHANNEL,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-03-02T08:15:00.123456Z"}},
            "EventRecordID": 7, "Computer": "PC-0101",
            "Execution": {"#attributes": {"ProcessID": 4, "ThreadID": 8}},
            "Security": {"#attributes": {"UserID": "S-1-5-18"}},
        },
        "EventData": DATA,
    }
}  # fmt: skip
FLAT = {
    "system": {
        "provider": PROVIDER, "event_id": 100, "level": 3, "channel": CHANNEL, "event_record_id": 7,
        "time_created": "2026-03-02T10:15:00.123456+02:00", "computer": "PC-0101",
        "execution": {"process_id": 4, "thread_id": 8}, "security": {"user_id": "S-1-5-18"},
    },
    "event_data": DATA,
}  # fmt: skip
COLLECTED = {
    "data": {
        "win": {
            "system": {
                "providerName": PROVIDER, "eventID": "100", "level": "3", "channel": CHANNEL,
                "systemTime": "2026-03-02T08:15:00.1234560Z", "eventRecordID": "7", "computer": "PC-0101",
                "processID": "4", "threadID": "8", "userID": "S-1-5-18",
            },
            "eventdata": DATA,
        }
    }
}  # fmt: skip
SHIPPED = {
    "@timestamp": "2026-03-02T08:15:00.123456Z",
    "winlog": {
        "provider_name": PROVIDER, "event_id": 100, "channel": CHANNEL, "record_id": 7, "level": "Warning",
        "computer_name": "PC-0101", "process": {"pid": 4}, "process_id": 4, "thread_id": 8,
        "user": {"user_id": "S-1-5-18"}, "event_data": DATA,
    },
}  # fmt: skip
ALL = [DUMPED, FLAT, COLLECTED, SHIPPED]
NAMES = ["dumped", "flat", "collected", "shipped"]


@pytest.mark.parametrize("document", ALL, ids=NAMES)
def test_every_spelling_tells_the_same_event(document):
    row = read_event_log(json.dumps(document).encode()).rows["events"].row(0, named=True)
    assert (row["provider"], row["channel"], row["event_id"], row["record"]) == (PROVIDER, CHANNEL, 100, 7)
    assert (row["at"], row["clock"], row["level"], row["computer"]) == (AT, "declared", 3, "PC-0101")
    assert (row["process_id"], row["thread_id"], row["user_sid"]) == (4, 8, "S-1-5-18")
    assert json.loads(row["data"]) == DATA


@pytest.mark.parametrize("document", ALL, ids=NAMES)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_channel_says_which_log_it_is_whatever_the_name(document, indent):
    head = json.dumps(document, indent=indent).encode()
    assert classify("event.json", kinds_of(head), text_of(head)).source == "events_autopilot"


def test_lines_and_arrays_hold_several_and_what_is_no_record_is_counted():
    later = json.loads(json.dumps(FLAT))
    later["system"] |= {"event_record_id": 9, "time_created": "no time"}
    lines = "\n".join(json.dumps(each) for each in (later, FLAT)).encode()
    read = read_event_documents(lines).rows["events"]
    assert (read["record"].to_list(), read["clock"].to_list()) == ([7, 9], ["declared", "unknown"])
    reading = read_event_documents(json.dumps([FLAT, {"a": 1}]).encode())
    assert reading.rows["events"].height == 1
    assert [(gap.reason, gap.count) for gap in reading.unread] == [
        ("objects of this file are no records of events", 1)
    ]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+05:00", "2026-03-02T08:15:00", None, 5])
def test_a_time_that_is_no_instant_is_unknown(time):
    document = json.loads(json.dumps(FLAT))
    document["system"]["time_created"] = time
    row = read_event_documents(json.dumps(document).encode()).rows["events"].row(0, named=True)
    assert (row["at"], row["clock"]) == (None, "unknown")


def test_a_record_may_lie_so_deep_and_no_deeper():
    deep = FLAT
    for _ in range(4):
        deep = {"x": deep}
    assert read_event_documents(json.dumps(deep).encode()).rows["events"].height == 1
    with pytest.raises(NotThisFormat):
        read_event_documents(json.dumps({"x": deep}).encode())


@pytest.mark.parametrize(
    "other",
    [
        {"value": [{"id": "e", "eventDateTime": "x", "channel": "y", "provider": "z"}]},
        {"system": {"provider": PROVIDER, "event_id": 1}, "note": "no channel"},
        {"channel": "tv", "provider": "cable", "event_id": 3, "programme": {}},
    ],
)
def test_other_json_is_no_event(other):
    head = json.dumps(other).encode()
    assert "evtx" not in kinds_of(head)
