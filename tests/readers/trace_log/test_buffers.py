"""Buffers: each is found by its own header, and damage to one does not move the others."""

import struct

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.trace_log.buffers import Buffer, Hole, walk_buffers

SIZE = 1024


@pytest.fixture
def many(trace, event):
    """A trace of many small buffers."""
    return bytearray(trace(*(event(n) for n in range(40)), buffer_bytes=SIZE))


def test_buffers_lie_one_behind_the_other_to_the_end_of_the_file(many):
    found = list(walk_buffers(many))
    assert [buffer.offset for buffer in found] == list(range(0, len(many), SIZE))
    assert [buffer.sequence for buffer in found] == list(range(len(found)))
    assert all(buffer.begin == buffer.offset + 72 < buffer.end <= buffer.offset + SIZE for buffer in found)


def test_the_used_bytes_end_a_buffer_whatever_its_other_offsets_say(many):
    used = struct.unpack_from("<I", many, 48)[0]
    struct.pack_into("<II", many, 4, 500_000, 500_000)
    assert next(walk_buffers(many)).end == used


def test_a_size_that_leads_nowhere_costs_no_other_buffer(many):
    struct.pack_into("<I", many, SIZE, SIZE + 8)
    assert [buffer.offset for buffer in walk_buffers(many)] == list(range(0, len(many), SIZE))


def test_buffers_of_another_size_are_walked_by_their_own(trace, event):
    small, large = trace(event(), buffer_bytes=SIZE), trace(event(), buffer_bytes=4 * SIZE)
    assert [buffer.offset for buffer in walk_buffers(small + large + small)] == [0, SIZE, 5 * SIZE]


def test_a_damaged_first_header_does_not_cost_the_file(many):
    struct.pack_into("<I", many, 0, 7)
    first, second, *_ = walk_buffers(many)
    assert first == Hole(0, SIZE)
    assert (second.offset, second.sequence) == (SIZE, 1)


@pytest.mark.parametrize("used", [0, 71, 2**31])
def test_a_buffer_whose_used_bytes_make_no_sense_is_a_hole(many, used):
    struct.pack_into("<I", many, 2 * SIZE + 48, used)
    found = list(walk_buffers(many))
    assert found[2] == Hole(2 * SIZE, SIZE)
    assert sum(isinstance(buffer, Buffer) for buffer in found) == len(found) - 1


def test_a_file_cut_inside_a_buffer_keeps_what_is_there(many):
    many = many[: SIZE + 500]
    last = list(walk_buffers(many))[-1]
    assert (last.offset, last.end, last.cut) == (SIZE, SIZE + 500, True)


def test_a_packed_buffer_says_so(many):
    struct.pack_into("<H", many, SIZE + 52, 0x40)
    assert [buffer.compressed for buffer in walk_buffers(many)][:3] == [False, True, False]


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"ElfFile\0" * 1000, b"\xff" * 100_000])
def test_what_holds_no_buffer_is_refused_by_name(content):
    with pytest.raises(NotThisFormat, match=r"odd\.etl holds no buffer of an event trace"):
        list(walk_buffers(content, "odd.etl"))
