"""Values of event fields, each in its own type of Windows' binary XML."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from autopilot_analysis.samples.formats.event_values import Hex32, Hex64, Sid, Small, UInt64, encode, filetime


@pytest.mark.parametrize(
    ("value", "kind", "content"),
    [
        ("é", 0x01, b"\xe9\x00"),
        (True, 0x0D, b"\x01\0\0\0"),
        (5, 0x08, b"\x05\0\0\0"),
        (-1, 0x07, b"\xff" * 4),
        (Small(5, 8), 0x04, b"\x05"),
        (Small(5, 16), 0x06, b"\x05\0"),
        (Hex32(-1), 0x14, b"\xff" * 4),
        (Hex64(1), 0x15, b"\x01" + bytes(7)),
        (UInt64(1), 0x0A, b"\x01" + bytes(7)),
        (b"ab", 0x0E, b"ab"),
        (Sid("S-1-5-18"), 0x13, bytes([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])),
        (UUID(int=1), 0x0F, UUID(int=1).bytes_le),
    ],
)
def test_a_value_is_written_in_its_type(value, kind, content):
    assert encode(value) == (kind, content)


def test_windows_counts_from_1601_in_hundreds_of_nanoseconds():
    assert filetime(datetime(1601, 1, 1, tzinfo=UTC)) == 0
    assert filetime(datetime(1601, 1, 1, 0, 0, 0, 1, tzinfo=UTC)) == 10
    assert filetime(datetime(1970, 1, 1, tzinfo=UTC)) == 116_444_736_000_000_000
