"""Intervals of what explain counts hold the true share 19 times in 20, however often devices try again."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

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
    hours = pl.duration(hours=pl.col("number") + 24 * (pl.col("number of device") % 90))
    return pl.DataFrame({"number of device": device, "number": number, "well": ends_well}).select(
        device=pl.format("D{}", "number of device"),
        started_at=datetime(2026, 3, 2, tzinfo=UTC) + hours,
        outcome=pl.when("well").then(pl.lit("succeeded")).otherwise(pl.lit("failed")),
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


@pytest.mark.parametrize(
    ("devices", "most"), [(30, 0.99), (60, 0.98), (120, 0.97), (250, 0.97), (1000, 0.97)]
)
def test_the_interval_of_all_tries_covers_their_true_share_however_few_the_devices(devices, most):
    rng = np.random.default_rng([20260303, devices])
    truth = (attempts(rng, 100_000)["outcome"] == "failed").mean()
    number = pl.col("device").str.slice(1).cast(pl.Int64)
    many = attempts(rng, FLEETS * devices).with_columns(fleet=number // devices)
    shares = [
        measure_rates(each, by="fleet").select(((pl.col("low") <= truth) & (truth <= pl.col("high"))).mean())
        for each in (many, many.drop("device"))
    ]
    measured, as_if_independent = (each.item() for each in shares)
    assert 0.93 <= measured <= most
    assert as_if_independent < 0.75
