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
def test_block_borders_change_nothing(monkeypatch, block):
    chance = random.Random(block)
    content = b"".join(
        b"<![LOG[" + b"x\n!"[: chance.randrange(4)] * chance.randrange(9) + TRAILER + b"\r\n"
        for _ in range(20)
    )
    whole = spans(content)
    monkeypatch.setattr(cmtrace_spans, "_BLOCK", block)
    assert len(whole) == 20
    assert spans(content) == whole
