"""Where records begin and end, wherever the file is cut into blocks."""

import random

import pytest

from autopilot_analysis.readers.text_logs import cmtrace_spans
from autopilot_analysis.readers.text_logs.cmtrace_spans import find_spans

TRAILER = (
    b']LOG]!><time="01:02:03.1234567" date="8-4-2026" component="A" context="" type="1" thread="4" file="">'
)


def spans(content):
    return [
        row
        for found in find_spans(content)
        for row in zip(found.begins.tolist(), found.ends.tolist(), found.lines.tolist(), strict=True)
    ]


@pytest.mark.parametrize("content", [b"", b"!", b"<![LOG[", b"<![LOG[a]LOG]!>", TRAILER])
def test_without_a_begin_and_an_end_there_is_no_record(content):
    assert spans(content) == []


def test_the_last_begin_at_a_line_start_counts_and_others_are_text():
    content = b"<![LOG[torn\n<![LOG[a<![LOG[b" + TRAILER
    assert spans(content) == [(12, content.index(b"]LOG]"), 2)]


def test_records_may_stand_on_one_line():
    one = b"<![LOG[a" + TRAILER
    assert spans(one + one) == [(0, 8, 1), (len(one), len(one) + 8, 1)]


@pytest.mark.parametrize("block", [1, 7, 16, 64, 1000])
@pytest.mark.parametrize("blocks", [1, 3])
def test_block_borders_change_nothing(monkeypatch, block, blocks):
    chance = random.Random(block)
    parts = [b"<![LOG[" + b"x\n!"[: n % 4] * n + TRAILER + b"\r\n" for n in range(9)]
    torn = [b"<![LOG[open", b"\n<![LOG[torn ", TRAILER, b"text\n"]
    content = b"".join(chance.choices([*parts, *torn], k=60))
    whole = spans(content)
    monkeypatch.setattr(cmtrace_spans, "_BLOCK", block)
    monkeypatch.setattr(cmtrace_spans, "_BLOCKS", blocks)
    assert len(whole) > 20
    assert spans(content) == whole


def test_trailers_stop_where_the_next_record_begins_wherever_records_are_told_apart(monkeypatch):
    monkeypatch.setattr(cmtrace_spans, "_BLOCK", 100)
    monkeypatch.setattr(cmtrace_spans, "_BLOCKS", 1)
    content = (b"<![LOG[a" + TRAILER + b"\r\n") * 9
    found = list(find_spans(content))
    assert len(found) > 2
    assert [part.stop for part in found] == [*(part.begins[0] for part in found[1:]), len(content)]


@pytest.mark.parametrize("piece", [b"<![LOG[a" + TRAILER + b"\n", b"<![LOG[", b"\n<![LOG[", TRAILER])
def test_what_is_computed_of_a_log_takes_no_more_memory_when_the_log_is_longer(monkeypatch, peak, piece):
    monkeypatch.setattr(cmtrace_spans, "_BLOCK", 2**12)
    monkeypatch.setattr(cmtrace_spans, "_BLOCKS", 4)
    contents = [piece * (size // len(piece)) for size in (2**17, 2**19)]
    short, long = (peak(lambda text=text: [0 for _ in find_spans(text)]) for text in contents)
    assert long < 1.2 * short
