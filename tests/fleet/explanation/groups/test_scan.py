"""Group and day together: what the joint search names, and what it must leave alone."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from half_year import DAYS, units

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.groups.scan import find_groups

sys.path.insert(0, str(Path(__file__).parents[4] / "benchmarks"))

from fleets import healthy, planted
from judging import answers, same_group


def found_in(columns):
    start = datetime(2026, 1, 1, tzinfo=UTC).date()
    hit = columns["hit"]
    frame = pl.DataFrame({**columns, "hit": hit.astype(int)}).with_columns(
        day=pl.lit(start) + pl.duration(days="day"),
        value=pl.col("hit").cast(pl.Float64),
        outcome=pl.when(pl.col("hit") > 0).then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
        code=pl.when(pl.col("hit") > 0).then("code"),
    )
    found = find_groups(frame, ["profile", "version"])
    return [
        (dict(each.where), each.first and each.first - frame["day"].to_physical().min()) for each in found
    ]


def with_new_code(columns, late):
    columns["hit"][late], columns["code"] = True, columns["code"].astype("U10")
    columns["code"][late] = "0x87d1041c"


def test_a_new_code_of_the_last_days_names_its_group_after_four_failures():
    _, columns = units()
    with_new_code(columns, np.flatnonzero((columns["day"] >= DAYS - 5) & (columns["profile"] == "Kiosk"))[:4])
    (where, first), *others = found_in(columns)
    assert (where, others) == ({"profile": "Kiosk"}, [])
    assert first >= DAYS - 60


def test_a_group_that_failed_until_the_day_before_the_last_is_not_lost_to_the_search_for_spells():
    _, columns = units()
    days = (columns["day"] >= DAYS - 6) & (columns["day"] < DAYS - 2)
    with_new_code(columns, np.flatnonzero(days & (columns["profile"] == "Kiosk"))[:4])
    assert [where for where, _ in found_in(columns)] == [{"profile": "Kiosk"}]


@pytest.mark.parametrize(("share", "hits", "named"), [(0.75, 24, [{"profile": "Kiosk"}]), (1.0, 30, [])])
def test_days_and_code_that_all_show_cost_nothing_when_it_is_asked_who_was_hit(share, hits, named):
    rng, columns = units()
    last = rng.permutation(np.flatnonzero(columns["day"] >= DAYS - 7))
    most = round(0.75 * last.size)
    columns["profile"][last] = "Office"
    columns["profile"][last[:most]] = "Kiosk"
    with_new_code(columns, last[rng.permutation(most if share < 1 else last.size)[:hits]])
    assert [where for where, _ in found_in(columns)] == named


def test_what_explains_most_comes_first_whatever_was_found_first():
    fleet = planted("last_week", 5_000, [51701, 5, 5_000, 0], ("retries", "season", "batches"))
    found = explain(fleet.deployments).contrasts
    assert found["score"].to_list() == sorted(found["score"], reverse=True)
    assert [json.loads(where) for where in found["where"]][:1] == [fleet.truth.where]
    assert found.height == 2


def test_an_outage_of_all_is_not_blamed_on_the_version_that_nearly_all_had_that_day():
    rng, columns = units()
    outage = np.isin(columns["day"], [40, 41])
    columns["hit"] |= outage & (rng.random(outage.size) < 0.5)
    columns["version"][np.flatnonzero(outage)[:3]] = "3"
    assert found_in(columns) == []


def test_a_group_that_fails_among_others_of_the_same_days_is_named():
    rng, columns = units()
    outage = np.isin(columns["day"], [40, 41, 42, 43, 44]) & (columns["profile"] == "Plant")
    columns["hit"] |= outage & (rng.random(outage.size) < 0.8)
    assert [where for where, _ in found_in(columns)] == [{"profile": "Plant"}]


def test_an_incident_of_the_last_week_is_not_diluted_by_half_a_year():
    right = 0
    for seed in range(5):
        fleet = planted("last_week", 5_000, [seed, 90], ("retries", "season", "batches"))
        first = answers(fleet.deployments, "failed")["contrasts"][:1]
        right += bool(first) and same_group(fleet.deployments, first[0]["where"], fleet.truth.where)
    assert right >= 3


def test_sites_of_which_each_takes_a_little_longer_or_shorter_are_not_named():
    raised = [
        answers(healthy("all", 5_000, [4242, 7, 5_000, number]).deployments, "slow")["contrasts"]
        for number in (0, 10)
    ]
    assert raised == [[], []]
