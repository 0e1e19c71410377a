"""Clocks: a counter, system time, and those that no one can turn into UTC."""

import struct
from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.readers.trace_log.instants import TraceClock, filetime
from autopilot_analysis.readers.trace_log.trace_log import read_trace_log
from autopilot_analysis.samples.formats.trace_log import COUNTER, SYSTEM_TIME

CLOCK_AT = 104 + 272
FREQUENCY_AT = 104 + 256


def instants(content):
    return read_trace_log(bytes(content)).rows["events"]["at"].to_list()


@pytest.mark.parametrize("clock", [COUNTER, SYSTEM_TIME])
def test_both_clocks_give_the_instant_to_the_microsecond(clock, trace, event, start):
    content = trace(event(0.168001), event(3723.5), clock=clock)
    assert instants(content) == [
        start + timedelta(seconds=0.168001),
        start + timedelta(hours=1, minutes=2, seconds=3.5),
    ]


def test_a_counter_counts_at_its_own_frequency(trace, event, start):
    content = bytearray(trace(event(10)))
    struct.pack_into("<q", content, FREQUENCY_AT, 20_000_000)
    assert instants(content) == [start + timedelta(seconds=5)]


@pytest.mark.parametrize(("at", "value"), [(CLOCK_AT, 3), (CLOCK_AT, 0), (FREQUENCY_AT, 0)])
def test_a_clock_that_nobody_can_turn_into_utc_leaves_times_empty_and_says_so(at, value, trace, event, gaps):
    content = bytearray(trace(event()))
    struct.pack_into("<I" if at == CLOCK_AT else "<q", content, at, value)
    reading = read_trace_log(bytes(content))
    assert reading.rows["events"].select("at", "recorded_at", "clock").row(0) == (None, None, "unknown")
    reason = "the trace counts time in a way that cannot be turned into UTC: its events have no instant"
    assert (reason, 1) in gaps(bytes(content))


def test_without_a_header_no_time_is_known():
    assert TraceClock(None).explained is False
    assert TraceClock(None).instant(5) is None


@pytest.mark.parametrize("value", [0, -5, 116_444_736_000_000_000, 2**62])
def test_a_filetime_not_set_or_beyond_reason_is_no_instant(value):
    assert filetime(value) is None


def test_a_filetime_counts_from_1601(start):
    since = datetime(2026, 1, 5, 10, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)
    ticks = since // timedelta(microseconds=1) * 10
    assert filetime(ticks) == start.timestamp() * 1e6
