"""What a provider wrote into an event, put in order, and the result code among it."""

import json

import polars as pl
import pytest

from autopilot_analysis.readers.event_log.event_fields import (
    CODE_FIELD,
    named_fields,
    result_codes,
    with_named_fields,
    with_repeated_names,
)


@pytest.mark.parametrize(
    ("parts", "fields"),
    [
        ({"EventData": '{"Data":{"#text":"one"},"Binary":"00FF"}'}, {"Data": ["one"], "Binary": "00FF"}),
        (
            {"EventData": '{"Data":{"#text":["one","two"]},"Binary":null}'},
            {"Data": ["one", "two"], "Binary": None},
        ),
        (
            {"EventData": '{"#attributes":{"Name":"EVENT_A"},"Reason":"r"}'},
            {"Name": "EVENT_A", "Reason": "r"},
        ),
        (
            {"EventData": '{"Sid":"1","Name":"n","Sid":"2","Sid":"3"}'},
            {"Sid": "1", "Name": "n", "Sid_2": "2", "Sid_3": "3"},
        ),
        ({"EventData": '"text alone"'}, {"Data": ["text alone"]}),
        (
            {"UserData": '{"Change":{"#attributes":{"xmlns":"u"},"Id":"KB1","State":5}}'},
            {"Id": "KB1", "State": 5},
        ),
        ({"UserData": '{"Change":{"Id":1},"Other":"x"}'}, {"Id": 1, "Other": "x"}),
        (
            {"EventData": '{"A":1}', "ProcessingErrorData": '{"ErrorCode":15005}'},
            {"A": 1, "ProcessingErrorData": {"ErrorCode": 15005}},
        ),
        ({"EventData": '{"Path":"C:\\\\é"}'}, {"Path": "C:\\é"}),
    ],
)
def test_every_field_stands_under_its_own_name(parts, fields):
    assert json.loads(named_fields(parts)) == fields


@pytest.mark.parametrize(
    "parts", [{}, {"EventData": "null"}, {"UserData": '{"Shutdown":{"#attributes":{"xmlns":"u"}}}'}]
)
def test_an_event_without_fields_has_none(parts):
    assert named_fields(parts) is None


def test_nested_beyond_reason_is_kept_as_text():
    deep = '{"A":' * 100_000
    assert json.loads(named_fields({"ProcessingErrorData": deep})) == {"ProcessingErrorData": deep}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ('{"HRESULT":"0x80180014"}', "0x80180014"),
        ('{"HRESULT":"0x8018002b","A":1}', "0x8018002B"),
        ('{"ErrorCode":-2145910764}', "0x80180014"),
        ('{"ErrorCode":"2149056532"}', "0x80180014"),
        ('{"Status":"0xFFFFFFFF80070005"}', "0x80070005"),
        ('{"ErrorCode":"0x57"}', "0x00000057"),
        ('{"HRESULT":"0x0","Error":"0x80070002"}', "0x80070002"),
        ('{"HexInt1":"0x80070490"}', "0x80070490"),
        ('{"HexInt1":"0x3","Status":"0xc0000001"}', "0xC0000001"),
        ('{"HexInt1":"0x3"}', None),
        ('{"HRESULT":"0x0"}', None),
        ('{"Status":200}', None),
        ('{"StatusCode":404}', None),
        ('{"Status":4294967299}', None),
        ('{"Status":"Succeeded"}', None),
        ('{"LastErrorCode":"0x80070005"}', None),
        ('{"Text":"\\"ErrorCode\\":\\"0x80070005\\""}', None),
        (None, None),
    ],
)
def test_a_result_code_has_one_spelling_and_a_plain_number_is_none(payload, code):
    assert codes_in(payload, "Microsoft-Windows-AAD", 1098) == [code]


@pytest.mark.parametrize("event_id", [800, 802, 813, 829, 833])
def test_the_value_of_a_policy_is_no_code(event_id):
    payload = '{"Message1":"area","HexInt1":"0x80070032"}'
    device_management = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
    assert codes_in(payload, device_management, event_id) == [None]
    assert codes_in(payload, device_management, 404) == ["0x80070032"]
    assert codes_in(payload, "Microsoft-Windows-ModernDeployment-Diagnostics-Provider", event_id) == [
        "0x80070032"
    ]


def codes_in(payload, provider, event_id):
    row = {"data": [payload], "provider": [provider], "event_id": [event_id]}
    schema = {"data": pl.String, "provider": pl.String, "event_id": pl.Int64}
    events = pl.DataFrame(row, schema=schema).with_columns(code=CODE_FIELD)
    return result_codes(events["code"]).to_list()


def test_only_irregular_payloads_are_written_anew():
    payloads = ['{"A":1.0}', "null", '{"Data":{"#text":"x"}}', "{}", '{"B":1.0}', '{"Data":{"#text":"y"}}']
    events = pl.DataFrame({"data": payloads})
    assert with_named_fields(events)["data"].to_list() == [
        '{"A":1.0}',
        None,
        '{"Data":["x"]}',
        None,
        '{"B":1.0}',
        '{"Data":["y"]}',
    ]


def test_a_name_that_comes_twice_in_one_kind_of_event_loses_no_value():
    events = pl.DataFrame(
        {
            "provider": ["P", "P", "P"],
            "event_id": [1, 1, 2],
            "version": [0, 0, None],
            "data": ['{"A":1,"A":2}', '{"A":3,"A":4}', '{"A":5}'],
        }
    )
    assert with_repeated_names(events)["data"].to_list() == ['{"A":1,"A_2":2}', '{"A":3,"A_2":4}', '{"A":5}']
