"""Since when something comes more often, where only that it came is listed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.days.rises import find_rise

FIRST = date(2026, 6, 1)


def rise_in(counts):
    """The rise in a list with so many rows on each of its days."""
    days = [FIRST + timedelta(days=place) for place, count in enumerate(counts) for _ in range(count)]
    return find_rise(pl.Series(days, dtype=pl.Date), FIRST, FIRST + timedelta(days=len(counts) - 1))


def test_the_day_from_which_something_comes_more_often_is_found_with_the_counts_on_both_sides():
    rise = rise_in([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 2, 3, 2, 4, 3, 2, 3])
    assert rise.dated.at == FIRST + timedelta(days=10)
    assert rise.dated.low <= rise.dated.at <= rise.dated.high
    assert (rise.before, rise.after, rise.days_before, rise.days_after) == (2, 19, 10, 7)
    assert rise.p < 0.005


@pytest.mark.parametrize(
    "counts",
    [
        [0] * 20 + [40] + [0] * 5,  # one burst
        [0] * 20 + [9, 9],  # two days are no new level
        [3, 0, 2, 4, 1, 3, 0, 2, 5, 1, 2, 3, 0, 4],  # always so
        [3] * 8 + [0] * 8,  # it became less
        [0, 0, 3, 3],  # too short a list
        [0] * 5 + [3] * 4,  # chance orders nine days so once in 126
        [0] * 12,
    ],
)
def test_a_burst_a_fall_and_what_chance_may_have_ordered_are_no_rise(counts):
    assert rise_in(counts) is None


def test_the_first_of_two_days_that_may_be_it_stands_in_the_set():
    rise = rise_in([0] * 9 + [1] + [3] * 9)
    assert rise.dated.low <= FIRST + timedelta(days=9) <= rise.dated.high


def test_days_that_vary_make_the_set_of_days_wider():
    even = rise_in([1, 0, 0] * 6 + [4] * 12).dated
    assert (even.low, even.high) == (date(2026, 6, 19), date(2026, 6, 19))
    uneven = rise_in([1, 0, 0] * 6 + [1, 1, 1, 9, 1, 1, 9, 1, 9, 2, 9, 9]).dated
    assert (uneven.low, uneven.high) == (date(2026, 6, 21), date(2026, 6, 22))  # 22 June, did days not vary


def test_lists_in_which_nothing_happens_seldom_show_a_rise():
    """Days of a month, some busier than others by themselves: at most 0.5 % may show a rise."""
    rng = np.random.default_rng(20)
    found = sum(rise_in(rng.poisson(1.5 * rng.gamma(1.0, 1.0, 30))) is not None for _ in range(120))
    assert found <= 3


def test_the_same_list_gives_the_same_chance():
    counts = [0] * 8 + [2] * 6
    assert rise_in(counts).p == rise_in(counts).p
