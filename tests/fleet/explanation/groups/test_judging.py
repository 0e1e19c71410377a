"""Whether chance explains a group."""

import numpy as np

from autopilot_analysis.fleet.explanation.groups.judging import Found, _chance
from autopilot_analysis.fleet.explanation.groups.searching import PRICE
from autopilot_analysis.groups import Group


def test_days_that_all_show_are_given_and_those_chosen_for_a_group_have_a_price():
    chosen, given = (
        Found(Group.of({"profile": "Kiosk"}), 20_000, None, -9.0, 10.0, given=given)
        for given in (False, True)
    )
    assert (chosen.gain, given.gain) == (10.0 + 2 * PRICE, 10.0 + PRICE)


def test_counts_that_are_worth_part_of_a_unit_leave_no_chance_of_nothing():
    counts = np.array([60.4, 60.4, 6.0, 600.0, 60.4, 60.0])
    assert -200 < _chance(counts, given=True) < -100
    assert -200 < _chance(counts, given=False) < -100
