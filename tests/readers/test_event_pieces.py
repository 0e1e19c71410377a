import json
from datetime import UTC, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.readers import event_pieces
from autopilot_analysis.readers.event_pieces import RecordReader

XMLNS = "http://schemas.microsoft.com/win/2004/08/events/event"


def event(number, *, data=None, **other):
    system = {
        "Provider": {"#attributes": {"Name": "Example-Provider"}},
        "EventID": 100 + number % 3,
        "Version": 1,
        "Level": 4,
        "Task": 0,
        "Opcode": 0,
        "Keywords": "0x8000000000000000",
        "TimeCreated": {"#attributes": {"SystemTime": f"2026-03-02T08:00:{number % 60:02}.000250Z"}},
        "EventRecordID": number,
        "Correlation": None,
        "Execution": {"#attributes": {"ProcessID": 4, "ThreadID": number}},
        "Channel": "Example/Operational",
        "Computer": "PC-1",
        "Security": {"#attributes": {"UserID": "S-1-5-18"}},
    }
    system |= other.pop("System", {})
    fields = {"Name": "Gerät {0}", "Number": number} if data is None else data
    return {"Event": {"#attributes": {"xmlns": XMLNS}, "System": system, "EventData": fields, **other}}


def records(events):
    texts = [json.dumps(e, ensure_ascii=False, separators=(",", ":")) for e in events]
    frame = pl.DataFrame({"header": range(len(texts)), "text": texts}, schema_overrides={"header": pl.UInt64})
    return frame.with_row_index("number")


def in_order(rows):
    return rows.sort("number").drop("number")


@pytest.fixture
def always_cut(monkeypatch):
    monkeypatch.setattr(event_pieces, "_FEW", 0)


def whole(monkeypatch, given):
    """What the records say when each is decoded by itself."""
    with monkeypatch.context() as patch:
        patch.setattr(event_pieces, "_FEW", given.height + 1)
        return in_order(RecordReader().rows(given))


@pytest.mark.usefixtures("always_cut")
def test_a_record_cut_in_pieces_says_what_it_says_as_a_whole(monkeypatch):
    given = records(event(number) for number in range(50))
    monkeypatch.setattr(event_pieces, "columns_of", pytest.fail)
    cut = in_order(RecordReader().rows(given))
    monkeypatch.undo()
    assert_frame_equal(cut, whole(monkeypatch, given))
    assert cut.row(7, named=True) == {
        "record": 7,
        "recorded_at": datetime(2026, 3, 2, 8, 0, 7, 250, tzinfo=UTC),
        "channel": "Example/Operational",
        "provider": "Example-Provider",
        "event_id": 101,
        "version": 1,
        "level": 4,
        "computer": "PC-1",
        "user_sid": "S-1-5-18",
        "process_id": 4,
        "thread_id": 7,
        "activity_id": None,
        "data": '{"Name":"Gerät {0}","Number":7}',
    }


@pytest.mark.usefixtures("always_cut")
def test_what_one_batch_taught_holds_for_the_next(monkeypatch):
    given = records(
        event(
            number,
            System={
                "EventID": number // 7,
                "Computer": f"PC-{number // 3}",
                "Correlation": {"#attributes": {"ActivityID": f"A-{number // 5}"}},
            },
        )
        for number in range(60)
    )
    reader = RecordReader()
    batches = [reader.rows(given[at : at + 10]) for at in (20, 0, 50, 30, 10, 40)]
    assert_frame_equal(in_order(pl.concat(batches)), whole(monkeypatch, given))


ODD = {
    "another part behind the payload": event(1, ProcessingErrorData={"ErrorCode": 15}),
    "a payload in another part": event(1, data=None, UserData={"Parts": {"a": "1"}}),
    "unnamed values": event(1, data={"Data": {"#text": ["a", "b"]}, "Binary": None}),
    "nested fields": event(1, data={"a": {"b": 1}, "c": 2}),
    "no fields": event(1, data={}),
    "a text for a payload": event(1, data="text"),
    "no record id": event(1, System={"EventRecordID": None}),
    "a record id no column holds": event(1, System={"EventRecordID": 2**64 - 1}),
    "a time of another length": event(
        1, System={"TimeCreated": {"#attributes": {"SystemTime": "2026-03-02T08:00:00Z"}}}
    ),
    "a time that is none": event(1, System={"TimeCreated": {"#attributes": {"SystemTime": "x" * 27}}}),
    "no time": event(1, System={"TimeCreated": None}),
    "a level that is no number": event(1, System={"Level": {"#text": "high"}}),
    "an id with qualifiers": event(
        1, System={"EventID": {"#attributes": {"Qualifiers": 16384}, "#text": 7}}
    ),
    "an element more": event(1, System={"Other": 1}),
    "an activity and a related one": event(
        1, System={"Correlation": {"#attributes": {"ActivityID": "A", "RelatedActivityID": "B"}}}
    ),
    "only a related activity": event(
        1, System={"Correlation": {"#attributes": {"RelatedActivityID": "B"}}}
    ),
    "no process": event(1, System={"Execution": None}),
    "more about the process": event(
        1, System={"Execution": {"#attributes": {"ProcessID": 4, "ThreadID": 5, "ProcessorID": 0}}}
    ),
    "pieces in another order": event(
        1, System={"Provider": {"#attributes": {"Name": '"}},"EventRecordID":'}}, "Computer": ',"ThreadID":'}
    ),
    "System under another name": {
        "Event": {name.replace("System", "Sistem"): part for name, part in event(1)["Event"].items()}
    },
    "marks inside a text": event(1, data={"a": '},"EventData":{"b":1}}}', "c": ',"TimeCreated":'}),
    "System behind the payload": {"Event": dict(reversed(event(1)["Event"].items()))},
    "no System": {"Event": {"EventData": {"a": "1"}}},
}  # fmt: skip


@pytest.mark.usefixtures("always_cut")
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_record_spelt_otherwise_is_read_as_a_whole_in_its_place(monkeypatch, odd):
    given = records([event(0), odd, event(2)])
    assert_frame_equal(in_order(RecordReader().rows(given)), whole(monkeypatch, given))
