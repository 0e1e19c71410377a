"""Which windows of days there are, and how far each stands out."""

import numpy as np
import pytest

from autopilot_analysis.fleet.explanation.days.windows import (
    LEAST_DAYS,
    Window,
    anew,
    standardised,
    windows_in,
    windows_near,
)


def test_a_window_without_an_end_lasts():
    assert [Window(1, None, 0.0).lasting, Window(1, 5, 0.0).lasting] == [True, False]


def test_a_lasting_change_leaves_days_enough_on_either_side():
    starts, ends = windows_in(10, lasting=True)
    assert (starts[0], 10 - starts[-1], set(ends)) == (LEAST_DAYS, LEAST_DAYS, {10})


def test_a_spell_begins_after_the_first_day_and_ends_before_the_last():
    starts, ends = windows_in(12, lasting=False)
    assert (starts.min(), ends.max(), (ends - starts).max()) == (1, 11, 6)


def test_a_spell_is_looked_for_within_a_third_of_its_length():
    starts, ends = windows_near(10, 16, 40)
    assert ({*starts}, {*ends}) == ({8, 9, 10, 11, 12}, {14, 15, 16, 17, 18})


def test_windows_that_hold_the_same_days_are_one_look():
    assert anew(0.0, 3.0, 100) == 1.0
    assert anew(10.0, 3.0, 100) > anew(1.0, 3.0, 100) > 1.0
    assert anew(10.0, np.inf, 100) == 1.0


def test_a_window_stands_out_by_what_its_days_have_beyond_the_design():
    level, residual = np.ones((6, 1)), np.array([-1.0, -1.0, -1.0, 1.0, 1.0, 1.0])
    windows = (np.array([0, 3, 2]), np.array([6, 6, 4]))
    z, path = standardised(level, np.zeros(1), residual, np.ones(6), windows)
    assert z == pytest.approx([0.0, 3 / np.sqrt(1.5), 0.0])
    assert path > 0.0
