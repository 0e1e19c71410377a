"""Events that describe themselves: every type is read back as it was written."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from autopilot_analysis.readers.trace_log.payload.layout import Field, Layout
from autopilot_analysis.readers.trace_log.payload.self_described import event_layout, provider_name
from autopilot_analysis.samples.formats.trace_values import NUMBERS, OTHERS, TraceField, describe

MOMENT = datetime(2026, 1, 5, 10, 0, 1, 234000, tzinfo=UTC)
GUID = UUID("8a1f0c2e-0000-4111-8222-333344445555")

EACH = [
    ("int8", "", -5, -5), ("uint8", "", 250, 250), ("int16", "", -300, -300), ("uint16", "", 65535, 65535),
    ("int32", "", -2147024891, -2147024891), ("uint32", "", 4294967295, 4294967295),
    ("int64", "", -(2**60), -(2**60)), ("uint64", "", 2**64 - 1, 2**64 - 1),
    ("float", "", 0.5, 0.5), ("double", "", 0.1, 0.1), ("bool32", "", 1, True), ("bool32", "", 0, False),
    ("hex32", "", 0x80180014, "0x80180014"), ("hex64", "", 2**40, "0x10000000000"),
    ("pointer", "", 0x7FF6, "0x7ff6"),
    ("text", "", "Überprüfen ✓", "Überprüfen ✓"), ("text", "", "", ""),
    ("ansi", "", "café", "café"), ("ansi", "utf8", "日本", "日本"), ("ansi", "", "", ""),
    ("binary", "", b"\x01\xff", "01FF"), ("counted_binary", "", b"", ""),
    ("guid", "", GUID, "8A1F0C2E-0000-4111-8222-333344445555"),
    ("filetime", "", MOMENT, "2026-01-05T10:00:01.234000Z"),
    ("systemtime", "", MOMENT, "2026-01-05T10:00:01.234Z"),
    ("sid", "", "S-1-5-21-1-2-3", "S-1-5-21-1-2-3"),
    ("counted_text", "", "a\0b", "a\0b"), ("counted_ansi", "utf8", "é", "é"), ("counted_ansi", "", "", ""),
    ("int32", "hresult", -2147024891, "0x80070005"), ("uint32", "hresult", 0x80180014, "0x80180014"),
    ("uint32", "ntstatus", 0xC000006D, "0xc000006d"), ("uint32", "win32", 1168, "0x490"),
    ("uint64", "hex", 2**63, "0x8000000000000000"), ("uint8", "bool", 1, True), ("uint8", "bool", 0, False),
]  # fmt: skip


@pytest.mark.parametrize("case", EACH, ids=str)
def test_every_type_is_read_back(case, trace, event, payloads):
    kind, out, value, expected = case
    fields = (TraceField("before", "x"), TraceField("field", value, kind, out), TraceField("after", "y"))
    assert payloads(trace(event(fields=fields))) == [{"before": "x", "field": expected, "after": "y"}]


def test_every_type_has_its_case_above():
    assert {kind for kind, *_ in EACH} | {"struct"} == NUMBERS.keys() | OTHERS.keys()


def test_structs_and_arrays_lie_inside_one_another(trace, event, payloads):
    inner = (TraceField("fileName", "a.cpp", "ansi"), TraceField("codes", [1, 2, 3], "uint16"))
    row = (TraceField("id", 7, "uint8"), TraceField("names", ["a", ""], fixed=True))
    fields = (
        TraceField("wilActivity", inner, "struct"),
        TraceField("rows", [row, row], "struct"),
        TraceField("none", [], "uint64"),
        TraceField("last", "end"),
    )
    assert payloads(trace(event(fields=fields))) == [
        {
            "wilActivity": {"fileName": "a.cpp", "codes": [1, 2, 3]},
            "rows": [{"id": 7, "names": ["a", ""]}, {"id": 7, "names": ["a", ""]}],
            "none": [],
            "last": "end",
        }
    ]


def test_a_name_that_comes_again_keeps_both_values(trace, event, payloads):
    fields = (TraceField("PartA", 1, "uint8"), TraceField("PartA", 2, "uint8"), TraceField("PartA_2", "c"))
    assert payloads(trace(event(fields=fields))) == [{"PartA": 1, "PartA_2": 2, "PartA_2_2": "c"}]


def test_tags_of_a_field_mean_nothing(trace, event, payloads):
    fields = (
        TraceField("eventName", "Visible", tags=True),
        TraceField("code", 5, "uint32", "hex", tags=True),
    )
    assert payloads(trace(event(fields=fields))) == [{"eventName": "Visible", "code": "0x5"}]


def test_an_event_without_fields_has_no_data(trace, event, payloads):
    assert payloads(trace(event(fields=()))) == [None]


def test_a_description_says_the_name_and_the_fields():
    described = b"\x0e\x00\x00Demo\x00cxid\x00\x01"
    assert event_layout(described) == Layout("Demo", (Field("cxid", 1),))


def test_what_follows_a_description_is_not_part_of_it():
    described = b"\x0e\x00\x00Demo\x00cxid\x00\x01" + b"more\x00\x01"
    assert event_layout(described).fields == (Field("cxid", 1),)


@pytest.mark.parametrize(
    "described",
    [
        b"\x06\x00\x80\x80\x80\x80",
        b"\x06\x00\x00abc",
        b"\x0d\x00\x00Demo\x00cxid\x00",
        b"\x0f\x00\x00Demo\x00cxid\x00\x98\x02",
        b"\x0e\x00\x00Demo\x00cxid\x00\x61",
        b"\x0f\x00\x00Demo\x00cxid\x00\x21\x01",
    ],
    ids=["endless tags", "endless name", "no type", "members missing", "a type of its own", "half a count"],
)
def test_a_description_that_breaks_its_rules_is_none(described):
    assert event_layout(described) is None


@pytest.mark.parametrize(("depth", "read"), [(16, True), (17, False)])
def test_structs_lie_in_one_another_sixteen_deep_at_most(depth, read):
    value = (TraceField("leaf", 1, "uint8"),)
    for _ in range(depth - 1):
        value = (TraceField("inner", value, "struct"),)
    described = describe("Deep", (TraceField("outer", value, "struct"),))
    assert (event_layout(described) is not None) is read


@pytest.mark.parametrize(("count", "read"), [(512, True), (513, False)])
def test_an_event_has_five_hundred_and_twelve_fields_at_most(count, read):
    described = describe("Wide", [TraceField(f"f{n}", n, "uint32") for n in range(count)])
    assert (event_layout(described) is not None) is read


def test_traits_begin_with_the_providers_name():
    assert provider_name(b"\x12\x00Some.Provider\x00\x13\x00\x01") == "Some.Provider"
    assert provider_name(b"\x03\x00\x00") == ""


@pytest.mark.parametrize(("count", "read"), [(512, True), (513, False)])
def test_no_event_has_more_fields_than_any_provider_writes(count, read):
    described = describe("Wide", [TraceField("f", 1, "uint8")] * count)
    assert (event_layout(described) is not None) is read
