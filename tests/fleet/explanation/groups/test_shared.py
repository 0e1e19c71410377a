"""What all share comes before what differs by chance, and is not said where groups explain it."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.groups.judging import Found
from autopilot_analysis.fleet.explanation.groups.searching import PRICE
from autopilot_analysis.fleet.explanation.groups.shared import explained, material, of_all
from autopilot_analysis.groups import Group

sys.path.insert(0, str(Path(__file__).parents[4] / "benchmarks"))

from fleets import multiplied, planted

FIRST = date(2026, 1, 1)
AT = datetime(2026, 1, 3, tzinfo=UTC)


def units(**parts):
    """Two days before a change and two after it: of each part so many units, and hits before and after."""
    rows = [
        (name, FIRST + timedelta(days=2 * late + number % 2), number < hits[late])
        for name, (size, *hits) in parts.items()
        for late in (0, 1)
        for number in range(size)
    ]
    frame = pl.DataFrame(rows, schema=["site", "day", "hit"], orient="row")
    started_at = pl.col("day").cast(pl.Datetime("us", "UTC"))
    return frame.with_columns(pl.col("hit").cast(pl.Int64), started_at=started_at)


def group(name, score=10.0):
    return Found(Group.of({"site": name}), None, None, -50.0, score)


CHANGE = pl.DataFrame({"at": [AT], "until": [None]}, schema_overrides={"until": pl.Datetime("us", "UTC")})


def test_a_change_explains_what_the_worse_days_gain_over_the_level_of_the_others():
    known = 80 * np.log(80.5 / 20.5) + 20 * np.log(20.5 / 80.5)
    for worse in ((100, 20, 80), (100, 80, 20)):
        assert explained(CHANGE, units(A=worse)) == pytest.approx(known)
    assert explained(CHANGE.clear(), units(A=(100, 20, 80))) == 0.0


@pytest.mark.parametrize(("spared", "shared"), [(50, 1), (70, 0)])
def test_a_change_that_more_than_a_quarter_of_all_was_spared_is_none_of_all(spared, shared):
    own = units(A=(150, 3, 75), B=(spared, 1, 1))
    assert of_all(CHANGE, [group("B")], own).height == shared


@pytest.mark.parametrize(("late", "shared"), [(24, 1), (18, 0)])
def test_a_part_that_moved_less_than_a_third_as_far_was_spared(late, shared):
    own = units(A=(100, 2, 92), B=(100, 2, late))
    assert of_all(CHANGE, [group("A")], own).height == shared


def test_a_group_that_explains_more_than_the_change_of_all_leaves_none_of_all():
    own = units(A=(100, 2, 50), B=(100, 2, 50))
    assert of_all(CHANGE, [group("A")], own).height == 1
    assert of_all(CHANGE, [group("A", score=2 * explained(CHANGE, own))], own).height == 0


def test_beside_a_change_of_all_a_group_is_named_when_it_explains_a_twentieth_as_much():
    own = units(A=(200, 4, 100))
    price = group("A", 0.0).gain
    scores = [part * explained(CHANGE, own) - price for part in (0.06, 0.04)]
    found = [group(name, score) for name, score in zip("AB", scores, strict=True)]
    assert material(found, CHANGE, own) == found[:1]
    assert material(found, CHANGE.clear(), own) == found


def test_a_part_that_came_with_the_change_was_neither_hit_nor_spared():
    own = pl.concat([units(A=(100, 2, 50)), units(B=(200, 0, 0)).filter(pl.col("day") >= AT.date())])
    assert of_all(CHANGE, [group("B")], own).height == 1


def test_a_fleet_copied_five_times_still_says_first_that_all_got_worse():
    fleet = planted("whole", 2_000, [20261128, 200, 3])
    for times in (1, 5):
        found = explain(multiplied(fleet.deployments, times))
        assert found.contrasts.is_empty()
        assert (found.changes["where"][0], found.changes["at"][0]) == ("{}", fleet.truth.day)
        assert found.lines()[0].startswith("all")


def test_where_half_of_the_models_fail_they_are_named_and_not_the_day_of_all():
    rng = np.random.default_rng(8)
    count = 6_000
    day, model = np.sort(rng.integers(0, 120, count)), rng.integers(0, 8, count)
    failed = rng.random(count) < np.where((day >= 60) & (model < 4), 0.5, 0.02)
    fleet = pl.DataFrame({"day": day, "model": model, "failed": failed}).select(
        started_at=pl.lit(datetime(2026, 1, 1, tzinfo=UTC)) + pl.duration(days="day"),
        model=pl.concat_str(pl.lit("Book "), pl.col("model").cast(pl.String)),
        outcome=pl.when("failed").then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
    )
    found = explain(fleet)
    named = [json.loads(where)["model"] for where in found.contrasts["where"]]
    assert sorted(named) == [f"Book {number}" for number in range(4)]
    assert "{}" not in found.changes["where"]
    assert found.of_all == 0


def test_what_all_share_is_told_before_a_group_that_always_failed_more():
    rng = np.random.default_rng(9)
    count = 6_000
    day, site = np.sort(rng.integers(0, 120, count)), rng.integers(0, 6, count)
    failed = rng.random(count) < np.where(site == 0, 0.35, 0.02) + np.where(day >= 60, 0.4, 0.0)
    fleet = pl.DataFrame({"day": day, "site": site, "failed": failed}).select(
        started_at=pl.lit(datetime(2026, 1, 1, tzinfo=UTC)) + pl.duration(days="day"),
        group_tag=pl.concat_str(pl.lit("Site "), pl.col("site").cast(pl.String)),
        outcome=pl.when("failed").then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
    )
    found = explain(fleet)
    assert found.of_all == 1
    assert [line.split(",")[0].split(":")[0] for line in found.lines()[:2]] == [
        "all attempts",
        "group tag Site 0",
    ]


@pytest.mark.parametrize(("hour", "cuts"), [(0, 0), (12, 1)])
def test_hours_within_a_day_must_earn_what_their_choice_costs(hour, cuts):
    own = units(A=(100, 20, 80)).with_columns(pl.col("started_at") + pl.duration(hours=12))
    change = CHANGE.with_columns(at=pl.lit(AT + timedelta(hours=hour)))
    known = 80 * np.log(80.5 / 20.5) + 20 * np.log(20.5 / 80.5)
    assert explained(change, own) == pytest.approx(known - cuts * PRICE)
