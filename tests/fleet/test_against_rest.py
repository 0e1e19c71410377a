"""One share against that of all others: its chance, its lift, its row."""

from math import comb

import pytest

from autopilot_analysis.fleet.against_rest import AgainstRest


def test_chance_is_the_upper_tail_counted_by_hand():
    counts = AgainstRest(k=3, n=4, rest_k=1, rest_n=6)
    ways = comb(4, 3) * comb(6, 1) + comb(4, 4)  # four hits among ten: three or four of them in the group
    assert counts.chance == pytest.approx(ways / comb(10, 4))


def test_a_group_without_hits_is_nothing_but_chance():
    assert AgainstRest(k=0, n=4, rest_k=4, rest_n=6).chance == 1.0


def test_lift_is_the_ratio_of_the_shares_within_its_interval():
    lift = AgainstRest(k=30, n=40, rest_k=15, rest_n=60).lift
    assert lift["lift"] == pytest.approx(3.0)
    assert lift["lift_low"] < 3.0 < lift["lift_high"]


def test_a_row_of_contrasts_holds_both_shares():
    row = (
        AgainstRest(k=3, n=4, rest_k=1, rest_n=6)
        .contrast('{"site": "BRN"}', 0.25, conditions=2)
        .row(0, named=True)
    )
    assert (row["where"], row["conditions"], row["q"]) == ('{"site": "BRN"}', 2, 0.25)
    assert (row["share"], row["rest_share"]) == (0.75, pytest.approx(1 / 6))
    assert row["low"] < 0.75 < row["high"]


def test_without_others_no_share_of_them_is_stated():
    row = AgainstRest(k=3, n=4, rest_k=0, rest_n=0).contrast("{}", 0.25).row(0, named=True)
    assert row["rest_share"] is None
