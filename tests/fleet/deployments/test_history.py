"""A device that was deployed before, and retries that are no second deployment."""

import json
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.deployments.history import BEFORE, HISTORY, with_history

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def fleet(*rows):
    """Deployments from (device, day, outcome)."""
    schema = {"device": pl.String, "day": pl.Float64, "outcome": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row", strict=False)
    return frame.with_columns(started_at=pl.lit(START) + pl.duration(seconds=pl.col("day") * 86_400))


def of_devices(count, *tries):
    """The same tries (day, outcome) of so many devices."""
    return fleet(*((f"D{n}", day, outcome) for n in range(count) for day, outcome in tries))


@pytest.mark.parametrize(
    ("tries", "before"),
    [
        ([(0, "succeeded"), (0.2, "failed")], [None, BEFORE]),
        ([(0, "succeeded"), (9, "failed"), (9.1, "succeeded")], [None, BEFORE, BEFORE]),
        ([(0, "failed"), (30, "failed"), (61, "failed")], [None, None, BEFORE]),
        ([(0, "failed"), (31, "failed")], [None, BEFORE]),
        ([(9, "failed"), (0, "succeeded")], [BEFORE, None]),
        ([(0, "succeeded"), (None, "failed"), (4, "failed")], [None, None, BEFORE]),
    ],
)
def test_what_comes_after_a_good_end_or_a_long_pause_is_a_later_deployment(tries, before):
    assert with_history(of_devices(5, *tries))[HISTORY].to_list() == before * 5


def test_retries_alone_add_no_column_and_neither_do_too_few_that_come_back():
    retried = of_devices(50, (0, "failed"), (0.1, "failed"), (0.2, "succeeded"))
    assert HISTORY not in with_history(retried).columns
    back = of_devices(3, (0, "succeeded"), (9, "failed"))
    few = pl.concat([back, retried.with_columns(device="R" + pl.col("device"))])
    assert HISTORY not in with_history(few).columns
    enough = of_devices(4, (0, "succeeded"), (9, "failed"))
    assert with_history(enough)[HISTORY].drop_nulls().len() == 4


def test_rows_of_no_device_and_what_says_it_already_stay_as_they_are():
    again = of_devices(9, (0, "succeeded"), (9, "failed"))
    nobody = again.with_columns(device=pl.lit("unknown"), flags=pl.lit("enrollment_only,no_device"))
    assert HISTORY not in with_history(nobody).columns
    told = again.with_columns(history=pl.lit("x"))
    assert with_history(told) is told


@pytest.mark.parametrize(
    ("kind", "later"),
    [
        ("pre_provisioning_technician", False),
        ("azureADJoinedWithWhiteGlove", False),
        ("offlineDomainJoined", True),
        (None, True),
    ],
)
def test_the_users_part_of_a_pre_provisioned_device_is_no_second_deployment(kind, later):
    both = of_devices(9, (0, "succeeded"), (40, "failed"))
    typed = both.with_columns(enrollment_type=pl.when(outcome="succeeded").then(pl.lit(kind, pl.String)))
    assert (HISTORY in with_history(typed).columns) is later


def redeployed(share, seed):
    """800 first deployments of which 5 % fail, and of 160 of the devices a later one with this share."""
    rng = np.random.default_rng(seed)
    outcomes = np.where(rng.random(960) < np.where(np.arange(960) < 800, 0.05, share), "failed", "succeeded")
    first = [(f"D{n}", day, outcomes[n]) for n, day in enumerate(rng.uniform(0, 100, 800))]
    good = [(device, day) for device, day, outcome in first if outcome == "succeeded"][:160]
    again = [(device, day + 20, outcomes[800 + place]) for place, (device, day) in enumerate(good)]
    return fleet(*first, *again)


def test_where_second_deployments_fail_that_is_named_and_no_day_of_all():
    told = explain(redeployed(0.8, 5))
    assert [json.loads(where) for where in told.contrasts["where"]] == [{HISTORY: BEFORE}]
    assert told.contrasts["n"].to_list() == [160]
    assert "{}" not in told.changes["where"].to_list()
    assert not any("which group" in text for text in told.limits)


def test_where_all_fail_alike_a_second_deployment_is_not_named():
    assert not any(explain(redeployed(0.05, seed)).stands_out for seed in range(8))
