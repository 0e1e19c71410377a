"""What was worse until a day and is over: its codes are those of the worse time, nothing is to be mended."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.answer.look_at import tell_devices, tell_what_was_down
from autopilot_analysis.fleet.explanation.answer.stand_outs import (
    incident_kinds,
    tell_costs,
    tell_days,
    tell_groups,
)
from autopilot_analysis.fleet.explanation.days.changes import measure_changes
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.failures.own_codes import incident_of, is_over

FIRST, DAYS = datetime(2026, 1, 12, tzinfo=UTC), 100
OWN = "0x80180018"


def fleet(first, end, rate, *, seed=0, attempts=700, after=0.05, who="ABC", longer=1.0):
    """Attempts of three profiles; those of `who` fail by `rate` from `first` until `end`, then by `after`.

    Args:
        longer: By how much all take longer in that time.
    """
    rng = np.random.default_rng([seed, attempts])
    volume = np.where(np.arange(DAYS) % 7 >= 5, 0.05, 1.0)
    day = np.sort(rng.choice(DAYS, attempts, p=volume / volume.sum())) + rng.uniform(0.3, 0.7, attempts)
    profile = rng.choice(["A", "B", "C"], attempts)
    inside = (day >= first) & (day < end) & np.isin(profile, list(who))
    chance = np.where(inside, rate, np.where(day >= end, after, 0.05))
    failed = rng.random(attempts) < chance
    own = failed & inside & (rng.random(attempts) >= 0.05 / rate)
    code = np.where(own, OWN, rng.choice(["0x80070643", "0x87D1041C"], attempts))
    minutes = rng.lognormal(np.log(42), 0.3, attempts) * np.where(inside, longer, 1.0)
    return pl.DataFrame(
        {
            "device": [f"d{number}" for number in range(attempts)],
            "name": [f"PC-{number}" for number in range(attempts)],
            "serial": [f"S{number}" for number in range(attempts)],
            "flags": [""] * attempts,
            "started_at": [FIRST + timedelta(days=float(each)) for each in day],
            "outcome": np.where(failed, "failed", "succeeded"),
            "code": pl.Series(code).set(pl.Series(~failed), None),
            "failed_stage": pl.Series(["device_setup"] * attempts).set(pl.Series(~failed), None),
            "failure_text": pl.Series([None] * attempts, dtype=pl.String),
            "profile": profile,
            "total": [timedelta(minutes=float(each)) for each in minutes],
        }
    )


def explained(rows):
    return {outcome: explain(rows, outcome=outcome) for outcome in ("failed", "slow")}


def lines(told):
    return " ".join(line.text for line in told)


@pytest.mark.parametrize(("end", "rate"), [(60, 0.33), (60, 0.2), (8, 0.4)])
def test_what_was_worse_for_all_from_the_first_day_is_over_with_the_codes_of_that_time(end, rate):
    rows = fleet(0, end, rate)
    found = explained(rows)
    (row,) = found["failed"].changes.to_dicts()
    assert (row["where"], row["kind"], is_over(row), abs((row["at"] - FIRST).days - end) <= 4) == (
        "{}",
        "ended",
        True,
        True,
    )
    assert incident_of(row) == ("{}", None, row["at"])
    assert [code["code"] for code in found["failed"].codes_of(row)] == [OWN]
    assert incident_kinds(found, over=False) == []
    day = f"{row['at']:%Y-%m-%d}"
    assert f"All attempts: until {day}, " in lines(tell_groups(found, rows))
    assert lines(tell_days(found)).startswith(f"Until {day}")
    assert ": of first attempts, share failed " in lines(tell_days(found))
    assert lines(tell_days(found)).endswith(": over.")
    left = f"All attempts: over since {day}; what is left are the devices that failed until then."
    assert lines(tell_what_was_down(found)) == left
    assert lines(tell_devices(found, rows)) == ""
    assert f"until {row['at']:%d %B %Y}" in found["failed"].answers()[0]


def test_a_group_that_is_over_leaves_its_devices_alone_to_be_looked_at():
    rows = fleet(0, 60, 0.5, who="B")
    found = explained(rows)
    assert found["failed"].contrasts["where"].to_list() == ['{"profile": "B"}']
    assert [is_over(row) for row in found["failed"].contrasts.to_dicts()] == [True]
    assert lines(tell_what_was_down(found)).startswith("Profile B: over since 2026-03-")


@pytest.mark.parametrize("seed", [0, 1])
def test_six_weeks_that_ended_are_one_spell_of_all(seed):
    (row,) = explain(fleet(20, 62, 0.35, seed=seed)).changes.to_dicts()
    assert (row["kind"], abs((row["until"] - FIRST).days - 62) <= 4, is_over(row)) == ("short", True, False)


def test_a_rise_of_which_a_part_remains_is_not_over():
    changes = explain(fleet(20, 62, 0.5, after=0.25, attempts=1_000)).changes
    assert [row["kind"] for row in changes.sort("at").to_dicts()] == ["lasting", "lasting"]


def test_a_share_that_fell_by_less_than_half_is_not_over():
    changes = explain(fleet(0, 50, 0.5, after=0.3, attempts=2_000)).changes
    assert [(row["kind"], incident_of(row)[1:]) for row in changes.to_dicts()] == [
        ("lasting", (None, changes["at"][0]))
    ]


def test_a_slow_time_that_ended_is_over_and_its_costs_are_those_of_that_time():
    found = explained(fleet(0, 40, 0.05, longer=1.5))
    (row,) = found["slow"].changes.to_dicts()
    assert (row["kind"], abs((row["at"] - FIRST).days - 40) <= 3) == ("ended", True)
    assert f"longer in each of {row['n_before']:,}, " in lines(tell_costs(found))


def test_more_successes_before_a_day_are_nothing_that_ended():
    (row,) = measure_changes(fleet(50, DAYS, 0.6, attempts=1_000), measure="succeeded").to_dicts()
    assert (row["before"] > row["after"], row["kind"], is_over(row)) == (True, "lasting", False)


def test_failures_that_fell_as_the_site_that_failed_stopped_deploying_are_not_over():
    rows = fleet(0, DAYS, 0.45, who="C", attempts=900)
    stopped = rows.filter((pl.col("profile") != "C") | (pl.col("started_at") < FIRST + timedelta(days=50)))
    found = explain(stopped)
    assert found.contrasts["where"].to_list() == ['{"profile": "C"}']
    assert not any(is_over(row) for row in (*found.contrasts.to_dicts(), *found.changes.to_dicts()))


def test_what_goes_on_is_looked_at_before_what_is_over():
    over, open_ = (
        fleet(0, 45, 0.5, who="B", attempts=900),
        fleet(60, DAYS, 0.5, who="C", attempts=900, seed=1),
    )
    rows = pl.concat([over.filter(profile="B"), open_.filter(profile="C"), over.filter(profile="A")])
    rows = rows.with_columns(device=pl.int_range(pl.len()).cast(pl.String))
    assert "of profile C" in lines(tell_devices(explained(rows), rows))
