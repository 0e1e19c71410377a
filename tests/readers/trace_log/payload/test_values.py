"""Payloads: what does not fit its description costs that event only, and no claim outgrows the bytes."""

import struct

import pytest

from autopilot_analysis.readers.trace_log.payload.layout import Field, Misfit
from autopilot_analysis.readers.trace_log.payload.values import read_values


def own(fields, payload):
    return read_values(fields, payload, pointer=8, own=True)


def manifest(fields, payload, pointer=8):
    return read_values(fields, payload, pointer=pointer, own=False)


@pytest.mark.parametrize(
    ("field", "payload"),
    [
        (Field("n", 8), b"\1\2\3"),
        (Field("n", 15), b"\1" * 15),
        (Field("n", 14), b"\5\0abc"),
        (Field("n", 22), b"\4\0ab"),
        (Field("n", 19), b"\1\2\0\0\0\0\0\5" + b"\1\0\0\0"),
        (Field("n", 19), b"\1"),
        (Field("n", 4, array=True, counted=True), b"\5"),
        (Field("n", 4, array=True, counted=True), b"\5\0ab"),
    ],
)
def test_a_payload_that_ends_too_early_fits_nothing(field, payload):
    with pytest.raises(Misfit, match="ends too early"):
        own((field,), payload)


def test_bytes_left_over_fit_nothing():
    with pytest.raises(Misfit, match="left over"):
        own((Field("n", 4),), b"\1\2")


def test_an_unknown_type_is_not_guessed():
    with pytest.raises(Misfit, match="type 99 is not known"):
        own((Field("n", 99),), b"\1\2")


def test_a_count_without_bytes_behind_it_is_refused_at_once():
    empty = Field("rows", 24, members=(), array=True, count=65535)
    nested = Field("outer", 24, members=(empty,), array=True, count=65535)
    with pytest.raises(Misfit, match="without bytes"):
        own((nested,), b"")


def test_text_that_runs_to_the_end_of_the_payload_needs_no_zero():
    assert own((Field("n", 1),), "abc".encode("utf-16-le")) == {"n": "abc"}
    assert own((Field("n", 2),), b"abc") == {"n": "abc"}


def test_a_zero_across_two_characters_ends_no_text():
    text = "\u0100\u0001a"
    assert own((Field("n", 1), Field("m", 4)), text.encode("utf-16-le") + b"\0\0\7") == {"n": text, "m": 7}


def test_the_length_of_a_manifests_binary_stands_in_an_earlier_field():
    fields = (Field("size", 8), Field("blob", 14, length_of=0), Field("last", 4))
    assert manifest(fields, struct.pack("<I", 3) + b"\1\2\3\7") == {"size": 3, "blob": "010203", "last": 7}


def test_the_count_of_a_manifests_array_stands_in_an_earlier_field():
    fields = (Field("count", 20), Field("items", 6, array=True, count_of=0))
    assert manifest(fields, struct.pack("<IHH", 2, 8, 9)) == {"count": "0x2", "items": [8, 9]}


def test_a_text_of_fixed_length_ends_at_its_first_zero():
    fields = (Field("text", 1, length=4), Field("last", 4))
    assert manifest(fields, "ab\0\0".encode("utf-16-le") + b"\7") == {"text": "ab", "last": 7}


def test_a_manifests_numbers_stay_as_event_logs_write_them():
    assert manifest((Field("HRESULT", 7, 32),), struct.pack("<i", -5)) == {"HRESULT": -5}


@pytest.mark.parametrize(("pointer", "payload"), [(4, b"\1\0\0\0"), (8, b"\1" + bytes(7))])
def test_pointers_are_as_wide_as_the_device_has_them(pointer, payload):
    assert manifest((Field("p", 16),), payload, pointer) == {"p": "0x1"}


def test_a_length_beyond_the_payload_or_no_number_is_refused():
    fields = (Field("size", 8), Field("blob", 14, length_of=0))
    with pytest.raises(Misfit, match="ends too early"):
        manifest(fields, struct.pack("<I", 2**32 - 1))
    with pytest.raises(Misfit, match="no number"):
        manifest((Field("size", 1), Field("blob", 14, length_of=0)), b"a\0\0\0")


def test_an_instant_beyond_the_calendar_is_null():
    assert own((Field("t", 17),), struct.pack("<q", 2**63 - 1)) == {"t": None}
