import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.profile_json import read_configuration_file_json, read_profile_json

INNER = json.dumps({"ZeroTouchConfig": {"CloudAssignedTenantUpn": "", "ForcedEnrollment": 1}})
PROFILE = {
    "PolicyDownloadDate": "2026-01-02T03:04:05Z",
    "CloudAssignedOobeConfig": 1310,
    "Flag": True,
    "None": None,
}


def rows(content, read=read_profile_json):
    return read(content).rows["properties"].select("section", "name", "value").rows()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_fields_read_alike_in_every_encoding(encoding):
    assert rows(json.dumps(PROFILE).encode(encoding)) == [
        ("", "PolicyDownloadDate", "2026-01-02T03:04:05Z"),
        ("", "CloudAssignedOobeConfig", "1310"),
        ("", "Flag", "true"),
        ("", "None", None),
    ]


def test_json_inside_a_string_is_there_as_written_and_field_by_field():
    assert rows(json.dumps({"CloudAssignedAadServerData": INNER}).encode()) == [
        ("", "CloudAssignedAadServerData", INNER),
        ("CloudAssignedAadServerData.ZeroTouchConfig", "CloudAssignedTenantUpn", ""),
        ("CloudAssignedAadServerData.ZeroTouchConfig", "ForcedEnrollment", "1"),
    ]


def test_several_objects_one_after_another_are_all_read():
    assert rows(b'{"a":1}\r\n{"a":2}{"b":[{"c":3},4]}') == [
        ("", "a", "1"),
        ("object 2", "a", "2"),
        ("object 3.b[0]", "c", "3"),
        ("object 3", "b[1]", "4"),
    ]


def test_numbers_and_repeated_names_stay_as_written():
    assert rows(b'{"a":1.50,"a":12345678901234567890}') == [
        ("", "a", "1.50"),
        ("", "a", "12345678901234567890"),
    ]


def test_a_cut_file_keeps_the_whole_objects_and_names_the_line():
    reading = read_profile_json(b'{"a":1}\n{"b":\n')
    assert reading.count == 1
    assert [gap.record for gap in reading.unread] == [3]


def test_json_nested_a_hundred_thousand_deep_is_a_gap():
    for content in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000):
        reading = read_profile_json(content)
        assert reading.count == 0
        assert "nested" in reading.unread[0].reason


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b'{"a":"b"}', "ansi"),
        (b'\xef\xbb\xbf{"a":"b"}', "utf-8-bom"),
        ('{"a":"ü"}'.encode(), "utf-8"),
        ('{"a":"ü"}'.encode("cp1252"), "ansi"),
        ('{"a":"b"}'.encode("utf-16"), "utf-16"),
    ],
)
def test_a_configuration_file_tells_how_it_is_encoded(content, encoding):
    assert rows(content, read_configuration_file_json)[0] == ("", "encoding", encoding)


def test_another_text_is_refused():
    for content in (b"", b"hello", b"42"):
        with pytest.raises(NotThisFormat):
            read_profile_json(content)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:1a\\ \n', max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    for read in (read_profile_json, read_configuration_file_json):
        assert isinstance(read(b'{"a":1}' + noise), Reading)
        with suppress(NotThisFormat):
            assert isinstance(read(noise), Reading)
