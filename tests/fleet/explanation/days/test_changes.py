from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis import wording
from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet import measure_changes
from autopilot_analysis.fleet.explanation.days.changes import CHANGES, with_candidates

START = datetime(2026, 1, 1, tzinfo=UTC)


def fleet(n=3000, seed=2):
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, 120, n))
    minutes = rng.lognormal(3.4, 0.4, n)
    return rng, day, np.asarray(rng.random(n) < 0.06), minutes


def frame_of(day, failed, minutes):
    return pl.DataFrame(
        {
            "started_at": [START + timedelta(days=int(d), hours=9) for d in day],
            "outcome": np.where(failed, "failed", "succeeded"),
            "total": [timedelta(minutes=float(m)) for m in minutes],
            "model": np.where(np.arange(day.size) % 2 == 0, "A", "B"),
        }
    )


def test_a_rate_that_rose_is_found_within_two_days():
    rng, day, failed, minutes = fleet()
    failed |= (day >= 70) & (rng.random(day.size) < 0.2)
    row = measure_changes(frame_of(day, failed, minutes)).row(0, named=True)
    assert abs((row["at"] - START).days - 70) <= 2
    assert row["kind"] == "lasting"
    assert row["before"] < 0.1 < row["after"]
    assert row["q"] < 0.01


def test_two_bad_days_are_a_short_change_with_an_end():
    rng, day, failed, minutes = fleet()
    failed |= np.isin(day, [50, 51]) & (rng.random(day.size) < 0.6)
    row = measure_changes(frame_of(day, failed, minutes)).row(0, named=True)
    assert (row["kind"], (row["at"] - START).days, (row["until"] - START).days) == ("short", 50, 52)


def test_a_duration_that_grew_is_found_and_told_in_median_minutes():
    _, day, failed, minutes = fleet()
    minutes[day >= 40] *= 1.4
    row = measure_changes(frame_of(day, failed, minutes), measure="total").row(0, named=True)
    assert abs((row["at"] - START).days - 40) <= 2
    assert row["after"] / row["before"] == pytest.approx(1.4, abs=0.12)


def test_the_group_that_changed_is_named_and_the_other_is_silent():
    rng, day, failed, minutes = fleet()
    failed |= (np.arange(day.size) % 2 == 0) & (day >= 70) & (rng.random(day.size) < 0.25)
    changes = measure_changes(frame_of(day, failed, minutes), by="model")
    assert changes["where"].to_list() == ['{"model": "A"}']


def test_a_healthy_series_has_no_change():
    found = [measure_changes(frame_of(*fleet(seed=seed)[1:])).height for seed in range(300, 340)]
    assert sum(height > 0 for height in found) <= 1


def test_what_happened_near_a_change_is_named_beside_it():
    rng, day, failed, minutes = fleet()
    failed |= (day >= 70) & (rng.random(day.size) < 0.3)
    happened = [START + timedelta(days=71), START + timedelta(days=10)]
    candidates = pl.DataFrame({"at": happened, "what": ["profile edited", "app published"]})
    changes = measure_changes(frame_of(day, failed, minutes), candidates=candidates)
    assert changes["candidate"][0] == "profile edited"


@pytest.mark.parametrize(("days", "named"), [(3, "profile edited"), (4, None)])
def test_what_happened_more_than_three_days_away_is_named_beside_no_change(days, named):
    change = pl.DataFrame([dict.fromkeys(CHANGES) | {"at": START}], schema=CHANGES)
    happened = pl.DataFrame({"at": [START - timedelta(days=days)], "what": ["profile edited"]})
    assert with_candidates(change, happened)["candidate"].to_list() == [named]


def test_a_measure_nobody_knows_is_refused():
    with pytest.raises(BadInput, match="measure is 'speed'"):
        measure_changes(frame_of(*fleet(50)[1:]), measure="speed")


def test_both_levels_come_with_how_many_they_are_of_and_their_intervals():
    rng, day, failed, minutes = fleet()
    failed |= (day >= 70) & (rng.random(day.size) < 0.2)
    share = measure_changes(frame_of(day, failed, minutes)).row(0, named=True)
    assert share["n_before"] + share["n_after"] == day.size
    for level in ("before", "after"):
        low, high = wilson(round(share[level] * share[f"n_{level}"]), share[f"n_{level}"])
        assert (share[f"{level}_low"], share[f"{level}_high"]) == (pytest.approx(low), pytest.approx(high))
    assert wording.levels(share).startswith(f"from {100 * share['before']:.1f} % (")
    assert f" of {share['n_before']:,}, " in wording.levels(share)


def test_a_median_lies_between_the_ranks_that_enclose_it():
    _, day, failed, minutes = fleet()
    minutes[day >= 40] *= 1.4
    row = measure_changes(frame_of(day, failed, minutes), measure="total").row(0, named=True)
    assert row["before_low"] < row["before"] < row["before_high"] < row["after_low"] < row["after"]
    assert f"({row['n_before']:,} attempts, " in wording.levels(row)


def wilson(k, n):
    z = 1.959964
    middle, spread = (k + z * z / 2) / (n + z * z), z * (k * (n - k) / n + z * z / 4) ** 0.5 / (n + z * z)
    return middle - spread, middle + spread
