"""Records: each tells its kind and size, and what tells neither ends its buffer."""

import struct

from autopilot_analysis.readers.trace_log.records import Damage, Kind, raw_time, walk_records


def system(size=40, kind=2, time=7):
    return struct.pack("<HBBHBBIIq", 1, kind, 0xC0, size, 0, 0, 0, 0, time).ljust(size, b"\0")


def classic(size=50, time=9):
    return struct.pack("<HBBIIIq", size, 0x14, 0xC0, 0, 0, 0, time).ljust(size, b"\0")


def message(flags, rest, size=0):
    return struct.pack("<HBBHH", size or 8 + len(rest), 0, 0x90, 3, flags) + rest


def walk(content):
    return [
        record if isinstance(record, Damage) else (record[0].kind, *record[1:])
        for record in walk_records(content, 0, len(content))
    ]


def padded(*records):
    return b"".join(record + bytes(-len(record) % 8) for record in records)


def test_records_begin_at_multiples_of_eight_and_keep_their_own_size():
    content = padded(classic(50), system(45), classic(48))
    assert walk(content) == [(Kind.CLASSIC, 0, 50), (Kind.SYSTEM, 56, 45), (Kind.CLASSIC, 104, 48)]


def test_four_full_bytes_end_a_buffer_quietly():
    assert walk(padded(classic()) + b"\xff" * 64) == [(Kind.CLASSIC, 0, 50)]


def test_an_unknown_marker_is_damage_behind_which_nothing_is_read():
    content = padded(classic()) + b"\x10\x00\x7f\xc0" + bytes(12) + padded(classic())
    assert walk(content) == [(Kind.CLASSIC, 0, 50), Damage(56)]


def test_a_size_below_its_header_or_past_the_end_is_damage():
    small, large = bytearray(classic()), bytearray(classic())
    small[0:2], large[0:2] = (47).to_bytes(2, "little"), (51).to_bytes(2, "little")
    assert walk(bytes(small)) == [Damage(0)]
    assert walk(bytes(large)) == [Damage(0)]


def test_records_of_32_and_64_bit_systems_differ_in_their_pointers():
    narrow, wide = walk_records(padded(system(40, 1), system(40, 2)), 0, 80)
    assert (narrow[0].pointer, wide[0].pointer) == (4, 8)


def test_a_message_has_its_time_behind_what_its_flags_name():
    full = message(0xAA, b"g" * 16 + struct.pack("<q", 77) + bytes(8))
    sequenced = message(0x09, b"sequ" + struct.pack("<q", 78))
    timeless = message(0x02, b"g" * 16)
    content = padded(full, sequenced, timeless)
    times = [raw_time(content, record) for record in walk_records(content, 0, len(content))]
    assert times == [77, 78, None]


def test_a_message_too_short_for_its_time_has_none():
    content = message(0xAA, b"g" * 16)
    (record,) = walk_records(content, 0, len(content))
    assert raw_time(content, record) is None


def test_times_of_the_other_kinds_lie_in_their_headers():
    content = padded(system(40, 2, 5), classic(50, 6))
    assert [raw_time(content, record) for record in walk_records(content, 0, len(content))] == [5, 6]
