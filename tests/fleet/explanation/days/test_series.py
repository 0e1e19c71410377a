"""One series of days: what moved beyond its rhythm and its trend, and how sure that is."""

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.days.series import (
    CHANGE_ALARM,
    FALSE_ALARM,
    Series,
    normal_scores,
)
from autopilot_analysis.fleet.explanation.days.windows import SPELLS, Window

FIRST = 20_000


def steady(n, before, after, days=40, last=8):
    """So many attempts a day, of which some fail; others from some day before the end on."""
    failed = np.full(days, float(before))
    failed[-last:] = after
    return Series(FIRST, np.full(days, float(n)), failed, binary=True)


def test_a_rise_that_chance_shows_in_less_than_one_series_of_two_hundred_is_a_change():
    (change,) = steady(10, 2, 5, last=12).changes()
    assert (change.first - FIRST, change.lasting, change.log_p < np.log(FALSE_ALARM)) == (28, True, True)


def test_a_rise_whose_chance_is_bounded_by_one_in_thirty_is_none_as_two_searches_looked_for_it():
    series = steady(15, 3, 6, last=8)
    chance = np.exp(series._surest(series.base).log_p)
    assert CHANGE_ALARM < chance < 1.1 * CHANGE_ALARM  # by either search alone it would pass
    assert series.changes() == []


def test_a_rise_whose_chance_is_bounded_by_one_in_fifty_is_a_change():
    series = steady(20, 1, 3, last=12)
    assert 0.01 < np.exp(series._surest(series.base).log_p) < 0.02
    assert len(series.changes()) == 1
    assert series.changes(alarm=FALSE_ALARM) == []


def coded(after, others):
    """Twelve attempts a day, of which every fourth day one fails; later `after` of one code and `others`."""
    day = np.arange(60)
    own, rest = np.zeros(60), (day % 2 == 0).astype(float)
    own[40:], rest[40:] = after, others
    every = Series(FIRST, np.full(60, 12.0), own + rest, binary=True)
    return every, every.of_code(np.repeat(day, own.astype(int)))


def test_a_code_of_its_own_shows_a_change_that_is_lost_among_all_failures():
    every, code = coded(1.0, (np.arange(20) % 4 == 0).astype(float))
    assert every.changes() == []
    assert [(each.first - FIRST, each.lasting) for each in every.changes([code])] == [(40, True)]


def test_a_code_that_takes_the_place_of_another_is_no_change():
    every, code = coded((np.arange(20) % 2 == 0).astype(float), np.zeros(20))
    assert code._surest(code.base).log_p < np.log(CHANGE_ALARM)
    assert every.changes([code]) == []


def test_what_is_known_to_have_moved_is_not_found_again():
    series = steady(10, 2, 5, last=12)
    (change,) = series.changes()
    assert series.changes(known=[change]) == []


@pytest.mark.parametrize(("before", "after"), [(0.02, 0.5), (0.02, 0.2)])
def test_a_rise_stays_as_sure_where_every_attempt_comes_ten_a_hundred_or_a_thousand_times(before, after):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        n = rng.integers(4, 25, 120).astype(float)
        failed = rng.binomial(n.astype(int), np.where(np.arange(120) < 60, before, after)).astype(float)
        once, *more = (
            Series(FIRST, n * times, failed * times, binary=True).changes()[0]
            for times in (1, 10, 100, 1_000)
        )
        assert [change.first for change in more] == [once.first] * 3
        assert max(change.log_p for change in more) < once.log_p + 0.5
        assert max(change.log_p for change in more) - min(change.log_p for change in more) < 0.1


def test_a_rise_is_surer_where_ten_times_as_many_attempts_have_each_their_own_luck():
    rng = np.random.default_rng(4)
    level, found = np.where(np.arange(120) < 60, 0.05, 0.2), []
    for size in (15, 150, 1_500):
        n = np.full(120, float(size))
        failed = rng.binomial(size, level).astype(float)
        found.append(Series(FIRST, n, failed, binary=True).changes()[0])
    assert [change.first - FIRST for change in found[1:]] == [60, 60]
    assert found[0].log_p > found[1].log_p + 5
    assert found[1].log_p > found[2].log_p + 5


def test_seventeen_bad_days_among_a_hundred_attempts_are_a_change_unless_only_what_is_sure_counts():
    day = np.arange(70)
    n, bad = 1.0 + (day % 7 < 3), (day >= 33) & (day < 50)
    failed = np.where(bad, n - (day % 4 == 1), day == 11)
    (change,) = Series(FIRST, n, failed, binary=True).changes()
    assert (abs(change.first - FIRST - 33) <= 1, abs(change.end - FIRST - 50) <= 1) == (True, True)
    assert Series(FIRST, n, failed, binary=True, cautious=True).changes() == []


def test_a_series_that_stays_as_it_was_has_no_change():
    assert steady(10, 2, 2).changes() == []


def test_the_surest_of_two_changes_comes_first():
    series = steady(40, 4, 16, days=60, last=20)
    series.s[10:12] = 38.0
    spell, rise = series.changes()[:2]
    assert (spell.first - FIRST, spell.end - FIRST) == (10, 12)
    assert (rise.first - FIRST, rise.end) == (40, None)


@pytest.mark.parametrize("length", [1, 7, 8, 17, 19, 24, SPELLS[-1]])
def test_an_outage_that_ended_is_one_spell_with_its_two_days_however_short_or_long(length):
    series = steady(10, 1, 1, days=180)
    series.s[60 : 60 + length] = 7.0 if length > 1 else 10.0
    (spell,) = series.changes()
    assert (spell.first - FIRST, spell.end - FIRST) == (60, 60 + length)


def test_a_longer_outage_is_a_rise_and_a_fall():
    series = steady(10, 1, 1, days=180)
    series.s[60:120] = 7.0
    found = sorted(change.first - FIRST for change in series.changes() if change.lasting)
    assert found == [60, 120]


def test_the_step_of_a_window_is_one_on_its_days():
    series = steady(10, 1, 1, days=5, last=1)
    assert series.step(Window(FIRST + 1, FIRST + 3, 0.0)).tolist() == [0, 1, 1, 0, 0]
    assert series.step(Window(FIRST + 3, None, 0.0)).tolist() == [0, 0, 0, 1, 1]


def test_normal_scores_rank_a_value_among_those_of_its_class():
    rows = pl.DataFrame({"value": [30, 10, 20, 7], "class": ["a", "a", "a", "b"]})
    scores = normal_scores(rows)
    assert scores == pytest.approx([0.8694, -0.8694, 0.0, 0.0], abs=1e-4)  # Blom: (rank - 3/8) / (n + 1/4)


def test_a_level_of_a_few_full_days_is_no_change_where_each_day_has_a_level_of_its_own():
    rng = np.random.default_rng(0)
    n = np.full(120, 20.0)
    n[60:75] = 400.0
    share = np.clip(0.25 + 0.08 * rng.normal(size=120), 0.02, 0.6)
    series = Series(FIRST, n, np.round(n * share), binary=True)
    assert series.changes() == []
    evened = series._evened(series.base)
    assert evened.n[65] < 0.3 * n[65]
    assert evened.n[10] > 0.5 * n[10]
    assert evened.s / evened.n == pytest.approx(series.s / series.n)
    series._evened = lambda _: series
    assert len(series.changes()) == 2


def test_days_that_do_alike_are_not_weighed_down():
    series = steady(10, 2, 2)
    assert series._evened(series.base).n.tolist() == series.n.tolist()
