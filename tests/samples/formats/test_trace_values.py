"""Fields of trace events, byte by byte as TraceLogging spells them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from autopilot_analysis.samples.formats.trace_values import TraceField, describe, in_type, payload

GUID = UUID("11111111-2222-4333-8444-555555555555")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (TraceField("n", 258, "uint16"), b"\x02\x01"),
        (TraceField("n", -1, "int32"), b"\xff\xff\xff\xff"),
        (TraceField("t", "ab"), b"a\0b\0\0\0"),
        (TraceField("t", "ab", "ansi"), b"ab\0"),
        (TraceField("t", "ü", "ansi", out="utf8"), b"\xc3\xbc\0"),
        (TraceField("t", "ab", "counted_text"), b"\x04\0a\0b\0"),
        (TraceField("b", b"\x07\x08", "binary"), b"\x02\0\x07\x08"),
        (TraceField("g", GUID, "guid"), GUID.bytes_le),
        (TraceField("s", "S-1-5-18", "sid"), b"\x01\x01\0\0\0\0\0\x05\x12\0\0\0"),
        (TraceField("a", [1, 2], "uint8"), b"\x02\0\x01\x02"),
        (TraceField("a", [1, 2], "uint8", fixed=True), b"\x01\x02"),
        (TraceField("s", (TraceField("x", 1, "uint8"), TraceField("y", 2, "uint8")), "struct"), b"\x01\x02"),
        (TraceField("raw", b"\x07", "binary", length_of="n"), b"\x07"),
    ],
)
def test_a_value_is_written_in_its_own_encoding(field, value):
    assert payload([field]) == value


def test_a_system_time_has_its_parts_one_by_one():
    at = datetime(2026, 3, 2, 8, 9, 10, 11_000, tzinfo=UTC)
    parts = [2026, 3, 1, 2, 8, 9, 10, 11]  # the second of March is a Monday
    assert payload([TraceField("t", at, "systemtime")]) == b"".join(p.to_bytes(2, "little") for p in parts)


def test_a_description_names_the_event_and_the_type_of_each_field():
    fields = [TraceField("n", 1, "uint16"), TraceField("code", 5, "uint32", out="hresult")]
    body = b"\0Begin\0" + b"n\0\x06" + b"code\0\x88\x0f"
    assert describe("Begin", fields) == (2 + len(body)).to_bytes(2, "little") + body


def test_an_array_says_whether_its_length_is_fixed():
    of_any = describe("E", [TraceField("a", [1, 2], "uint8")])
    fixed = describe("E", [TraceField("a", [1, 2], "uint8", fixed=True)])
    assert of_any.endswith(b"a\0\x44")
    assert fixed.endswith(b"a\0\x24\x02\0")


def test_every_kind_has_a_number_of_its_own():
    kinds = ["uint8", "text", "sid", "struct", "hex64"]
    assert [in_type(TraceField("f", None, kind)) for kind in kinds] == [4, 1, 19, 24, 21]
