"""Records as the parser spells them become columns, whatever they leave out."""

import json

import pytest

from autopilot_analysis.readers.event_log.event_record import columns_of

SYSTEM = {
    "Provider": {"#attributes": {"Name": "Example-Provider", "Guid": "BAB3AD92-0000-0000-0000-000000000000"}},
    "EventID": 705,
    "Version": 0,
    "Level": 4,
    "TimeCreated": {"#attributes": {"SystemTime": "2026-01-05T10:00:00.123456Z"}},
    "EventRecordID": 7,
    "Correlation": {"#attributes": {"ActivityID": "A-1"}},
    "Execution": {"#attributes": {"ProcessID": 12, "ThreadID": 34}},
    "Channel": "Example/Admin",
    "Computer": "PC-1",
    "Security": {"#attributes": {"UserID": "S-1-5-18"}},
}


def read(system, *, header=99, **parts):
    text = json.dumps({"Event": {"System": system, **parts}}, separators=(",", ":"))
    return {name: values[0] for name, values in columns_of([(header, text)]).items()}


def test_system_and_payload_become_columns():
    assert read(SYSTEM, EventData={"A": "é"}) == {
        "record": 7,
        "recorded_at": "2026-01-05T10:00:00.123456Z",
        "channel": "Example/Admin",
        "provider": "Example-Provider",
        "event_id": 705,
        "version": 0,
        "level": 4,
        "computer": "PC-1",
        "user_sid": "S-1-5-18",
        "process_id": 12,
        "thread_id": 34,
        "activity_id": "A-1",
        "data": '{"A":"\\u00e9"}',
    }


@pytest.mark.parametrize("event_id", [705, "705", {"#attributes": {"Qualifiers": 0}, "#text": 705}])
def test_an_event_id_may_be_spelt_in_three_ways(event_id):
    assert read(SYSTEM | {"EventID": event_id})["event_id"] == 705


def test_what_system_leaves_out_is_null_and_the_header_gives_the_record():
    row = read(dict.fromkeys(SYSTEM))
    assert row.pop("record") == 99
    assert row.pop("data") == "null"
    assert set(row.values()) == {None}


@pytest.mark.parametrize(
    "wrong", [{"Level": "high"}, {"Execution": 5}, {"Version": 2**70}, {"Provider": {"#attributes": 3}}]
)
def test_a_field_that_breaks_the_schema_costs_only_itself(wrong):
    row = read(SYSTEM | wrong, EventData={"A": 1})
    assert (row["record"], row["event_id"], row["data"]) == (7, 705, '{"A":1}')
    assert None in row.values()


def test_parts_beside_event_data_are_joined_into_one_object():
    row = read(
        SYSTEM,
        UserData={"Change": {"#attributes": {"xmlns": "u"}, "Id": 1}},
        ProcessingErrorData={"ErrorCode": 2},
    )
    assert json.loads(row["data"]) == {"Id": 1, "ProcessingErrorData": {"ErrorCode": 2}}
