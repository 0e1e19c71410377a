"""How far days and values lie apart while nothing has happened."""

import numpy as np
import pytest

from autopilot_analysis.fleet.explanation.groups.cells import Cells
from autopilot_analysis.fleet.explanation.groups.ordinary import ByDay, ordinary_variance

ONE_DAY = slice(0, 1)


def sites(*hits, n=1000, day=None):
    """Return sites of so many units each, with so many hits, all on one day or each on its own."""
    days = np.zeros(len(hits), dtype=int) if day is None else np.array(day)
    units, found = np.zeros((2, len(hits), int(days.max()) + 1))
    places = np.arange(len(hits))
    units[places, days], found[places, days] = n, hits
    cells = Cells(("site",), [(str(place),) for place in places], units, [found])
    share = sum(hits) / (n * len(hits))
    return cells, ByDay(units.sum(0), found.sum(0), np.full(units.shape[1], share))


def test_values_that_do_alike_may_differ_by_no_more_than_chance():
    assert ordinary_variance(*flat(sites(300, 200, 200, 200, 200))) == 0.0


def flat(made):
    cells, whole = made
    return cells, 0, 0, whole


def test_the_variance_is_that_of_the_others_beyond_chance():
    cells, whole = sites(300, 160, 240, 160, 240)
    chance = 200 * (1 - 0.2) * (1 - 1 / 4)
    assert ordinary_variance(cells, 0, 0, whole) == pytest.approx((40**2 - chance) / 200**2, rel=1e-3)


def test_a_value_that_differs_by_more_than_a_quarter_does_not_hide_another():
    cells, whole = sites(700, 700, 80, 80, 80, 80)
    hidden = ordinary_variance(cells, 0, 0, whole)
    assert hidden == pytest.approx(0.25**2, rel=0.1)
    assert hidden < (700 / (1020 / 5) - 1) ** 2 / 5 / 10


def test_values_are_compared_on_the_days_on_which_they_came():
    cells, whole = sites(300, 100, 100, 400, 400, day=[0, 0, 0, 1, 1])
    assert ordinary_variance(cells, 0, 0, whole) == 0.0


def test_two_values_show_nothing_of_how_much_values_differ():
    assert ordinary_variance(*flat(sites(300, 200))) == 0.0


def test_days_that_do_alike_leave_the_usual_hits_as_they_are_known():
    whole = ByDay(np.full(10, 100.0), np.full(10, 20.0), np.full(10, 0.2))
    assert whole.variance == 0.0
    assert whole.usual(np.full(10, 5.0), slice(None), 11.0) == (11.0, 0.0)


def test_a_group_that_came_on_a_bad_day_would_have_the_hits_of_that_day():
    whole = ByDay(np.full(4, 1000.0), np.array([100.0, 100, 100, 500]), np.full(4, 0.2))
    assert whole.variance == pytest.approx((3 * 100**2 + 300**2 - 4 * 160) / (4 * 200**2))
    usual, variance = whole.usual(np.array([0.0, 0, 0, 40]), slice(None), 8.0)
    apart = 1 / whole.variance
    hits = 500 + apart
    assert usual == pytest.approx(8 * hits / (200 + apart))
    assert 19 < usual < 20
    assert variance == pytest.approx((8 / (200 + apart)) ** 2 * hits)


def test_only_the_days_that_count_are_summed():
    whole = ByDay(np.full(2, 1000.0), np.array([100.0, 300.0]), np.full(2, 0.2))
    usual, _ = whole.usual(np.array([40.0, 40.0]), ONE_DAY, 8.0)
    assert 4 < usual < 4.3


def test_without_a_group_the_others_are_left():
    whole = ByDay(np.array([10.0, 20]), np.array([3.0, 4]), np.array([0.2, 0.2]))
    rest = whole.without(np.array([1.0, 2]), np.array([1.0, 0]))
    assert (rest.n.tolist(), rest.k.tolist()) == ([9, 18], [2, 4])
