"""Intervals of what explain counts hold the true share 19 times in 20, however often devices try again."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from autopilot_analysis.fleet import measure_rates
from autopilot_analysis.fleet.explanation.units import first_tries, with_hits
from autopilot_analysis.fleet.intervals import share_columns

FLEETS, DEVICES, SHARE = 400, 250, 0.12


def attempts(rng, devices=DEVICES):
    """Return a fleet in which a device that failed tries again, some of them up to 15 times."""
    failed = rng.random(devices) < SHARE
    stubborn = rng.random(devices) < 0.1
    again = np.where(stubborn, rng.integers(8, 15, devices), rng.geometric(0.5, devices))
    tries = np.where(failed, 1 + again, 1)
    device = np.repeat(np.arange(devices), tries)
    number = np.arange(device.size) - np.repeat(np.cumsum(tries) - tries, tries)
    ends_well = (number == tries[device] - 1) & (~stubborn | ~failed)[device]
    start = datetime(2026, 3, 2, tzinfo=UTC)
    return pl.DataFrame(
        {
            "device": [f"D{each}" for each in device],
            "started_at": [start + timedelta(hours=int(each)) for each in number + 24 * (device % 90)],
            "outcome": np.where(ends_well, "succeeded", "failed"),
        }
    )


def covered(rows):
    counted = pl.DataFrame({"k": [int(rows["hit"].sum())], "n": [rows.height]})
    low, high = counted.select(share_columns()).row(0)[1:]
    return low <= SHARE <= high


def test_the_interval_of_first_tries_covers_the_true_share_and_that_of_all_tries_does_not():
    rng = np.random.default_rng(20260302)
    fleets = [with_hits(attempts(rng), "failed") for _ in range(FLEETS)]
    units = sum(covered(first_tries(rows)) for rows in fleets) / FLEETS
    assert 0.93 <= units <= 0.97
    assert sum(map(covered, fleets)) / FLEETS < 0.5


def test_the_interval_of_all_tries_covers_their_true_share_when_devices_count():
    rng = np.random.default_rng(20260303)
    truth = (attempts(rng, 100_000)["outcome"] == "failed").mean()
    fleets = [attempts(rng) for _ in range(FLEETS)]
    measured = [measure_rates(rows).row(0, named=True) for rows in fleets]
    alone = [measure_rates(rows.drop("device")).row(0, named=True) for rows in fleets]
    share, as_if_independent = (
        sum(row["low"] <= truth <= row["high"] for row in each) / FLEETS for each in (measured, alone)
    )
    assert share >= 0.90
    assert as_if_independent < 0.75
