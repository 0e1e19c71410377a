"""Event records: header, extended items in any order, and the payload behind them."""

import struct
from uuid import UUID

import pytest

from autopilot_analysis.readers.trace_log.events import read_event
from autopilot_analysis.readers.trace_log.records import walk_records

PROVIDER = UUID("00000000-0000-4000-8000-000000000001").bytes_le
ACTIVITY = UUID("00000000-0000-4000-8000-000000000002").bytes_le


def item(kind, content, *, follows, length=None):
    padded = content + bytes(-len(content) % 8)
    stated = len(content) if length is None else length
    return struct.pack("<HHHH", 8 + len(padded), kind, follows, stated) + padded


def record(extended=b"", payload=b"", flags=1, properties=0, kind=0x13):
    size = 80 + len(extended) + len(payload)
    head = struct.pack(
        "<HBBHHIIq16sHBBBBHQ8x16s", size, kind, 0xC0, flags, properties, 11, 12, 13, PROVIDER,
        301, 2, 11, 4, 1, 0, 0, ACTIVITY,
    )  # fmt: skip
    return head + extended + payload


def read(content):
    return read_event(content, next(walk_records(content, 0, len(content))))


def test_the_header_says_who_wrote_what_when_and_within_which_activity():
    event = read(record(payload=b"abc", flags=0))
    assert (event.provider, event.event_id, event.version, event.level, event.opcode) == (
        PROVIDER, 301, 2, 4, 1,
    )  # fmt: skip
    assert (event.thread_id, event.process_id, event.time, event.activity) == (11, 12, 13, ACTIVITY)
    assert (event.schema, event.traits, event.related, event.xml, event.payload) == (
        b"", b"", b"", False, b"abc",
    )  # fmt: skip


@pytest.mark.parametrize("order", [(11, 12, 1), (1, 12, 11), (99, 12, 11, 1)])
def test_extended_items_come_in_any_order_and_unknown_ones_are_skipped(order):
    contents = {1: ACTIVITY, 11: b"schema", 12: b"traits", 99: b"unknown!!"}
    extended = b"".join(
        item(kind, contents[kind], follows=n + 1 < len(order)) for n, kind in enumerate(order)
    )
    event = read(record(extended, b"payload"))
    assert (event.schema, event.traits, event.related) == (b"schema", b"traits", ACTIVITY)
    assert event.payload == b"payload"


@pytest.mark.parametrize(
    "extended",
    [
        b"\x10\x00\x0b",
        item(11, b"schema", follows=1),
        item(11, b"schema", follows=0, length=500),
        item(99, b"", follows=1) * 65 + item(11, b"schema", follows=0),
    ],
    ids=["half an item", "none follows", "past the end", "too many"],
)
def test_items_that_run_over_the_record_cost_that_event(extended):
    assert read(record(extended)) is None


def test_sixty_four_items_are_read():
    event = read(record(item(99, b"", follows=1) * 63 + item(11, b"schema", follows=0)))
    assert event.schema == b"schema"


def test_a_payload_may_be_one_xml_element():
    assert read(record(flags=0, properties=1)).xml is True


def test_the_kind_of_header_tells_the_width_of_pointers():
    assert (read(record(flags=0, kind=0x12)).pointer, read(record(flags=0)).pointer) == (4, 8)
