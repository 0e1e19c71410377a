"""The times a group is looked at in."""

import pytest

from autopilot_analysis.fleet.explanation.groups.searching import PRICE
from autopilot_analysis.fleet.explanation.groups.windows import SPELLS, Search, windows_of


def test_days_are_looked_at_as_a_whole_from_each_until_each_and_in_spells():
    windows = {
        each.search: list(zip(each.starts, each.ends, strict=True)) for each in windows_of(4, ((1, 3),))
    }
    assert windows[Search.WHOLE] == [(0, 4)]
    assert windows[Search.OPEN] == [(1, 4), (2, 4), (3, 4), (0, 1), (0, 2), (0, 3)]
    assert windows[Search.SPELL] == [(1, 2), (2, 3), (1, 3)]
    assert windows[Search.CHANGED] == [(1, 3)]


def test_a_spell_holds_neither_the_first_day_nor_the_last():
    spells = next(each for each in windows_of(30, ()) if each.search is Search.SPELL)
    assert (spells.starts.min(), spells.ends.max()) == (1, 29)
    assert set((spells.ends - spells.starts).tolist()) == set(SPELLS)


@pytest.mark.parametrize(
    ("search", "price"), [("whole", 0.0), ("open", PRICE), ("spell", PRICE), ("changed", 0.0)]
)
def test_only_days_that_were_chosen_for_a_group_have_a_price(search, price):
    windows = next(each for each in windows_of(30, ((3, 9),)) if each.search.value == search)
    assert windows.price == price
