"""Where one way of writing a value ends and the next begins."""

from datetime import timedelta

import pytest

from autopilot_analysis import wording


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=9.9), "9.9 s"),
        (timedelta(seconds=10), "10 s"),
        (timedelta(seconds=45.4), "45 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min 59 s"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(hours=48), "2 d"),
    ],
)
def test_a_span_is_written_by_its_two_largest_units(length, text):
    assert wording.span(length) == text


def test_of_fewer_than_five_the_count_stands_alone():
    assert wording.share(2, 4) == "2 of 4"
    assert wording.share(2, 5) == "2 of 5 (40 %)"


def test_none_of_a_thing_are_several():
    assert [wording.count(number, "minute") for number in (0, 1, 2)] == ["0 minutes", "1 minute", "2 minutes"]
