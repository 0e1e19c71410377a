"""Traces that were cut, flipped and spliced: no traceback, no hang, little memory, and the rest is read."""

import struct
import tracemalloc
from contextlib import suppress
from random import Random

import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.trace_log.scan import scan_trace
from autopilot_analysis.readers.trace_log.trace_log import read_trace_log
from autopilot_analysis.samples.device.oobe_capture import oobe_capture
from autopilot_analysis.samples.formats.trace_values import TraceField, describe

MOST_BYTES = 300 << 20
EXTREMES = (b"\0", b"\xff", b"\x7f", b"\x80")


@pytest.fixture(scope="module")
def traces():
    return [text for name, text in oobe_capture(3)[0].items() if ".etl" in name]


def mutated(content, random):
    """Cut, flip, overwrite or splice in one to six places, most of them where records are."""
    spoilt = bytearray(content)
    used = struct.unpack_from("<I", content, 48)[0]
    for _ in range(random.choice((1, 2, 6))):
        at = random.randrange(used if random.random() < 0.8 else len(spoilt))
        match random.randrange(5):
            case 0:
                spoilt[at] ^= 1 << random.randrange(8)
            case 1:
                spoilt[at : at + 4] = random.choice(EXTREMES) * 4
            case 2:
                spoilt[at : at + 2] = random.randbytes(2)
            case 3:
                del spoilt[at : at + random.choice((1, 8, 200))]
            case _:
                spoilt[at:at] = content[random.randrange(used) :][:64]
    return bytes(spoilt[: random.randrange(80, len(spoilt))] if random.random() < 0.1 else spoilt)


@pytest.mark.parametrize("seed", range(100))
def test_a_mutated_trace_gives_what_it_holds_or_one_line(traces, seed):
    random = Random(seed)
    content = mutated(random.choice(traces), random)
    tracemalloc.start()
    try:
        with suppress(NotThisFormat):
            reading = read_trace_log(content, "odd.etl")
            assert reading.rows["events"].height <= sum(scan_trace(content).kinds.values())
            assert all(unread.reason for unread in reading.unread)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_every_cut_of_a_trace_gives_a_beginning_of_its_events(traces):
    whole = read_trace_log(traces[-1]).rows["events"]["data"].to_list()
    used = struct.unpack_from("<I", traces[-1], 48)[0]
    for end in range(80, used + 8, 5):
        found = read_trace_log(traces[-1][:end]).rows["events"]["data"].to_list()
        assert found == whole[: len(found)]


def test_a_description_that_promises_an_array_without_bytes_costs_the_values_of_one_event(traces):
    described = describe("WebAppActivity", [TraceField("cxid", "")])
    content = traces[0].replace(described, described[:-1] + b"\x58", 1)
    assert content != traces[0]
    whole, hurt = (read_trace_log(text).rows["events"]["data"] for text in (traces[0], content))
    assert (hurt.len(), hurt.null_count()) == (whole.len(), 1)
