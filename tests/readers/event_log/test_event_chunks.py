"""The structure of an event log, set against what its headers promise."""

import struct

import pytest

from autopilot_analysis.readers.event_log.event_chunks import CHUNK_MAGIC, Chunk, LogFile, lost_chunk_gaps


def chunk(number, first, last):
    numbers = struct.pack("<QQQQIIII", first, last, first, last, 128, 512, 512, 0)
    return Chunk.of(number, memoryview((CHUNK_MAGIC + numbers).ljust(65536, b"\0")), checksums=False)


def gaps(slots, chunks, count):
    return [(gap.reason, gap.record, gap.count) for gap in lost_chunk_gaps(slots, chunks, count)]


def test_neighbours_tell_which_records_a_lost_chunk_held():
    lost = gaps([1, 2], [chunk(0, 1, 10), chunk(3, 31, 40)], count=4)
    assert lost == [("chunks 1 to 2 have no readable beginning; records 11 to 30 are lost", 11, 20)]


def test_behind_the_last_chunk_of_a_full_ring_comes_the_first():
    lost = gaps([2], [chunk(0, 21, 30), chunk(1, 1, 10)], count=3)
    assert lost == [("chunk 2 has no readable beginning; records 11 to 20 are lost", 11, 10)]


def test_where_the_ring_begins_nobody_can_say_what_a_lost_chunk_held():
    lost = gaps([2], [chunk(0, 1, 10), chunk(1, 11, 20)], count=3)
    assert lost == [("chunk 2 has no readable beginning", None, None)]


@pytest.mark.parametrize("last", [2**64 - 1, 2**40])
def test_an_impossible_number_of_records_is_not_expected(last):
    assert chunk(0, 1, last).expected == 0


def test_places_never_used_are_not_lost():
    header = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, 0, 1, 128, 2, 3, 4096, 1).ljust(4096, b"\0")
    log = LogFile.of(header + chunk(0, 1, 1).readable() + bytes(65536) + b"x".ljust(65536, b"\0"), "a.evtx")
    assert log.slots == 3
    assert log.lost_slots() == [2]


@pytest.mark.parametrize(("flags", "dirty"), [(0, False), (1, True), (2, False), (3, True)])
def test_a_log_that_was_still_open_says_so_in_its_flags(flags, dirty):
    header = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, 0, 1, 128, 2, 3, 4096, 1).ljust(120, b"\0")
    assert LogFile.of(header + struct.pack("<II", flags, 0), "a.evtx").dirty is dirty
