"""What grows over months without a day on which it moved, and what only looks like it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.answer.stand_outs import tell_days
from autopilot_analysis.fleet.explanation.days.growth import growth_of, spans_of
from autopilot_analysis.fleet.explanation.explain import explain

FIRST, DAYS, COUNT = datetime(2026, 1, 5, tzinfo=UTC), 150, 900


def fleet(minutes, chance=0.04, *, slow_site=0.0, days=DAYS, seed=0):
    """Attempts of two sites, one of which takes twice as long.

    Args:
        minutes: The median device setup as a function of how much of the time is over, from 0 to 1.
        chance: The chance to fail, likewise.
        slow_site: By how much the share of the slow site grows, from a tenth.
    """
    rng = np.random.default_rng(seed)
    part = np.sort(rng.random(COUNT))
    slow = rng.random(COUNT) < 0.1 + slow_site * part
    setup = rng.lognormal(np.log(np.vectorize(minutes)(part)), 0.2) * np.where(slow, 2.0, 1.0)
    failed = rng.random(COUNT) < (np.vectorize(chance)(part) if callable(chance) else chance)
    return pl.DataFrame(
        {
            "device": [f"d{number}" for number in range(COUNT)],
            "started_at": [FIRST + timedelta(days=float(days * each)) for each in part],
            "outcome": np.where(failed, "failed", "succeeded"),
            "group_tag": np.where(slow, "Lyon", "Bonn"),
            "device_setup": [timedelta(minutes=float(each)) for each in setup],
            "account_setup": [timedelta(minutes=float(each)) for each in rng.lognormal(2.5, 0.2, COUNT)],
        }
    ).with_columns(total=pl.col("device_setup") + pl.col("account_setup"))


def grown(rows, *measures):
    return [each.measure for each in growth_of(rows, measures or spans_of(rows), ["group_tag"])]


def rising(to):
    return lambda part: 30 * (1 + (to - 1) * part)


def test_a_stage_that_takes_longer_week_by_week_grew_and_the_other_did_not():
    assert grown(fleet(rising(2.5))) == ["total", "device_setup"]


def test_growth_is_told_with_its_thirds_and_not_denied():
    found = explain(fleet(rising(2.5)).drop("group_tag"), outcome="slow")
    assert found.nothing.startswith(
        "No groups were compared: no attribute with several values is told, but the median time grew "
    )
    (total, setup) = (line.text for line in tell_days({"slow": found}))
    assert total.startswith("Median time grew little by little, from ")
    assert setup.startswith("Median device setup grew little by little, from 38 min (until 2026-02-23, ")
    assert setup.endswith(" attempts); no single day stands out.")


def test_a_share_of_failures_that_grows_month_by_month_is_told():
    rows = fleet(rising(1.0), lambda part: 0.02 + 0.2 * part)
    assert grown(rows, "failed") == ["failed"]


def test_a_share_that_only_doubles_is_no_growth():
    assert grown(fleet(rising(1.0), lambda part: 0.15 + 0.28 * part), "failed") == []


@pytest.mark.parametrize(
    "rows",
    [
        fleet(rising(1.25)),
        fleet(rising(2.0), days=60),
        fleet(lambda part: 30 * (1 + np.sin(np.pi * part))),
        fleet(rising(1.0), slow_site=0.9),
        fleet(lambda part: 30 if part < 0.2 else 45),
        fleet(rising(1.0)),
    ],
    ids=["a quarter", "two months", "season", "more of the slow site", "a step", "nothing"],
)
def test_what_is_no_growth_over_months_is_none(rows):
    assert grown(rows) == []


def test_a_day_on_which_all_moved_is_told_and_not_growth():
    found = explain(fleet(lambda part: 30 if part < 0.5 else 60), outcome="slow")
    assert (found.changes.is_empty(), found.growth) == (False, ())
