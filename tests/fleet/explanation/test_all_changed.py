"""Did all change, or did one group change more than the others did in the same days?"""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.sentences import WITH_THE_DAY

FIRST, DAYS, CUT = datetime(2026, 1, 12, tzinfo=UTC), 100, 55.5
USUAL = ("0x87D1041C", "0x80070774", "0x80180018", "0x80070643")
OWN = "0x800705B4"
SEEDS = range(3)


def fleet(seed, rates, *, attempts=600, before=0.05, codes=USUAL, longer=1.0):
    """Attempts of three profiles; those from noon of one day on fail by `rates`, with a code of their own.

    Args:
        rates: What each profile's share of failures is from then on.
        codes: Those that failures have besides.
        longer: By how much all take longer from then on.
    """
    rng = np.random.default_rng([seed, attempts])
    volume = np.where(np.arange(DAYS) % 7 >= 5, 0.05, 1.0)
    day = np.sort(rng.choice(DAYS, attempts, p=volume / volume.sum())) + rng.uniform(0.3, 0.7, attempts)
    profile, after = rng.integers(0, len(rates), attempts), day >= CUT
    chance = np.where(after, np.array(rates)[profile], before)
    failed = rng.random(attempts) < chance
    own = failed & after & (rng.random(attempts) >= before / chance)
    code = np.where(own, OWN, rng.choice(codes, attempts))
    minutes = rng.lognormal(np.log(42), 0.3, attempts) * np.where(after, longer, 1.0)
    return pl.DataFrame(
        {
            "device": [f"d{number}" for number in range(attempts)],
            "started_at": [FIRST + timedelta(days=float(each)) for each in day],
            "outcome": np.where(failed, "failed", "succeeded"),
            "code": pl.Series(code).set(pl.Series(~failed), None),
            "profile": [f"AP-{'ABC'[each]}" for each in profile],
            "esp_profile": np.where(after, "new", "old"),
            "total": [timedelta(minutes=float(each)) for each in minutes],
        }
    )


def risen(found):
    return found.changes.filter(pl.col("where") == "{}", pl.col("after") > pl.col("before"))


def days_off(row):
    return abs((row["at"] - FIRST).days - int(CUT))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rate", [0.15, 0.2, 0.4])
def test_three_profiles_that_rise_alike_are_one_change_of_all(seed, rate):
    found = explain(fleet(seed, [rate] * 3).drop("esp_profile"))
    (row,) = risen(found).to_dicts()
    assert found.contrasts.is_empty()
    assert (found.of_all, days_off(row) <= 6) == (1, True)


@pytest.mark.parametrize("seed", [10, 18, 19])
def test_where_all_rose_a_group_that_rose_a_little_more_by_chance_is_not_named(seed):
    found = explain(fleet(seed, [0.17, 0.18, 0.25]).drop("esp_profile"))
    assert (risen(found).height, found.contrasts.height) == (1, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_all_rose_a_group_that_rose_far_more_is_named_beside_the_day(seed):
    found = explain(fleet(seed, [0.15, 0.15, 0.75]).drop("esp_profile"))
    assert found.contrasts["where"][0] == '{"profile": "AP-C"}'


@pytest.mark.parametrize("seed", SEEDS)
def test_a_group_that_rose_alone_is_no_change_of_all(seed):
    found = explain(fleet(seed, [0.05, 0.05, 0.35]).drop("esp_profile"))
    assert (found.contrasts["where"].to_list(), found.of_all) == (['{"profile": "AP-C"}'], 0)
    assert risen(found).is_empty()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_came_on_one_of_the_days_that_the_change_may_be_of_is_named_as_not_told_apart(seed):
    found = explain(fleet(seed, [0.2] * 3))
    assert found.contrasts["where"].to_list() == ['{"esp_profile": "new"}']
    assert found.contrasts["note"].to_list() == [WITH_THE_DAY]


def test_what_all_had_before_the_change_came_is_not_named():
    early = fleet(0, [0.2] * 3).with_columns(
        esp_profile=pl.when(pl.col("started_at") >= FIRST + timedelta(days=35))
        .then(pl.lit("new"))
        .otherwise(pl.lit("old"))
    )
    assert explain(early).contrasts.is_empty()


@pytest.mark.parametrize("seed", SEEDS)
def test_all_that_take_longer_are_one_change_of_all(seed):
    found = explain(fleet(seed, [0.05] * 3, longer=58 / 42).drop("esp_profile"), outcome="slow")
    (row,) = risen(found).to_dicts()
    assert (found.contrasts.is_empty(), days_off(row) <= 3) == (True, True)
