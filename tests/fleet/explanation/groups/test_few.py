"""Groups of a fleet that is too small for the whole search."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.stats import fisher_exact

from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.explanation.groups.few import LEAST_FLEET, LEAST_OF_FEW, find_in_few, least_rise
from autopilot_analysis.fleet.explanation.groups.scan import find_groups
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY

DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def units(inside, outside, size=16, others=32, **beside):
    """Units of which so many failed inside one model, and outside it."""
    model = ["new"] * size + ["old"] * others
    hit = [1] * inside + [0] * (size - inside) + [1] * outside + [0] * (others - outside)
    return pl.DataFrame({"model": model, "hit": hit, **beside})


def test_the_value_that_stands_out_is_found_with_the_chance_of_the_exact_test_for_all_that_was_looked_at():
    rows = units(14, 1, profile=["a", "b", "c"] * 16)
    found = find_in_few(rows, ["profile", "model"])
    looked = 2 + 3  # a value with few hits is looked at as well
    _, p = fisher_exact([[14, 2], [1, 31]], alternative="greater")
    assert dict(found.where) == {"model": "new"}
    assert np.exp(found.log_p) == pytest.approx(p * looked, rel=1e-9)


@pytest.mark.parametrize(
    ("inside", "outside", "size", "others", "found"),
    [
        (4, 0, LEAST_OF_FEW, 30, True),
        (3, 0, LEAST_OF_FEW - 1, 30, False),
        (8, 0, 8, LEAST_OF_FEW, True),
        (8, 0, 8, LEAST_OF_FEW - 1, False),
        (3, 0, LEAST_OF_FEW, 50, False),
        (2, 4, 16, 32, False),
        (6, 6, 16, 32, False),
    ],
)
def test_what_is_too_small_or_differs_too_little_is_not_named(inside, outside, size, others, found):
    assert bool(find_in_few(units(inside, outside, size, others), ["model"])) is found


def test_fewer_than_a_dozen_are_not_compared():
    assert find_in_few(units(5, 0, 5, LEAST_FLEET - 5), ["model"])
    assert not find_in_few(units(5, 0, 5, LEAST_FLEET - 6), ["model"])


def test_healthy_small_fleets_hardly_ever_raise_an_alarm():
    chance = np.random.default_rng(7)
    alarms = 0
    for _ in range(400):
        n = int(chance.integers(LEAST_FLEET, 60))
        names = {f"a{m}": chance.choice(list("uvwx"[: 2 + m % 3]), n) for m in range(5)}
        rows = pl.DataFrame({**names, "hit": (chance.random(n) < chance.uniform(0.05, 0.5)).astype(int)})
        alarms += bool(find_in_few(rows, list(names)))
    assert alarms <= 400 * FALSE_DISCOVERY * 2


def test_healthy_large_fleets_hardly_ever_raise_an_alarm_among_their_many_small_values():
    chance = np.random.default_rng(8)
    alarms = 0
    for _ in range(200):
        n = int(chance.integers(60, 2000))
        names = {f"a{m}": chance.integers(0, max(n // 12, 2), n).astype(str) for m in range(3)}
        rows = pl.DataFrame({**names, "hit": (chance.random(n) < chance.uniform(0.02, 0.3)).astype(int)})
        alarms += bool(find_in_few(rows, list(names)))
    assert alarms <= 200 * FALSE_DISCOVERY * 2


@pytest.mark.parametrize(("size", "others"), [(SUPPORT - 1, 100), (SUPPORT, 100), (100, SUPPORT - 1)])
def test_what_the_whole_search_looks_at_is_left_to_it(size, others):
    found = find_in_few(units(size, 0, size, others), ["model"])
    assert bool(found) is (min(size, others) < SUPPORT)


@pytest.mark.parametrize(("failed", "named"), [(8, False), (0, True)])
def test_a_value_that_came_on_the_day_of_an_outage_only_shares_it(failed, named):
    rows = units(8, failed, 8, 60).with_columns(day=pl.when(pl.int_range(68) < 16).then(1).otherwise(2))
    assert bool(find_in_few(rows, ["model"])) is named


def test_hours_that_were_worse_for_all_part_a_day():
    hours = pl.when(pl.int_range(68) < 16).then(1).otherwise(0)
    rows = units(8, 8, 8, 60).with_columns(day=pl.lit(1), stretch=hours)
    assert find_in_few(rows.drop("stretch"), ["model"])
    assert find_in_few(rows, ["model"]) is None


def test_a_small_group_of_a_larger_fleet_is_named_and_then_the_next_among_the_rest():
    tags = ["BRNO"] * 16 + ["LINZ"] * 12 + ["WIEN", "GRAZ"] * 40
    hit = [1] * 14 + [0] * 2 + [1] * 9 + [0] * 3 + [0, 0, 0, 1] + [0] * 76
    rows = pl.DataFrame({"tag": tags, "hit": hit, "code": [None] * 108}, schema_overrides={"code": pl.String})
    found = find_groups(rows.with_columns(day=pl.lit(DAY.date())), ["tag"])
    assert {dict(each.where)["tag"] for each in found} == {"BRNO", "LINZ"}


def test_of_a_larger_and_a_smaller_group_the_one_that_explains_more_comes_first():
    site = ["BRNO"] * 16 + ["WIEN"] * 84
    profile = ["Staff"] * 50 + ["Sales"] * 50
    rows = pl.DataFrame({"profile": profile, "site": site, "hit": [1] * 15 + [0] * 83 + [1] * 2})
    found = find_groups(rows.with_columns(day=pl.lit(DAY.date())), ["profile", "site"])
    assert [dict(each.where) for each in found] == [{"site": "BRNO"}]


def test_the_least_rise_is_the_first_that_would_have_been_named():
    rise = least_rise(48, 1 / 40, 4)
    hits = round((rise + 1 / 40) * 8)
    assert find_in_few(units(hits, 1, 8, 40, b=["x"] * 48), ["model", "b"])
    assert least_rise(12, 0.9, 4) is None


def test_a_fleet_of_forty_eight_is_answered_and_says_how_it_was_compared():
    outcomes = [("26100.1", "failed")] * 14 + [("26100.1", "succeeded")] * 2 + [("26100.9", "succeeded")] * 32
    rows = [
        {
            "device": f"D{n}",
            "started_at": DAY + timedelta(hours=n * 19 % 48),
            "outcome": outcome,
            "build": build,
        }
        for n, (build, outcome) in enumerate(outcomes)
    ]
    told = explain(pl.DataFrame(rows))
    assert told.contrasts.select("where", "k", "n").rows() == [('{"build": "26100.1"}', 14, 16)]
    assert (
        told.lines()[1]
        == "Few to compare: 48 deployments ended; only single values were compared, and times hour by hour."
    )
    even = explain(pl.DataFrame(rows).with_columns(build=pl.Series(["a", "b"] * 24)))
    assert even.contrasts.is_empty()
    assert even.nothing.startswith("No group stands out as failed. Few to compare: 48 deployments ended; ")
    assert even.nothing.endswith("or more would have shown.")
