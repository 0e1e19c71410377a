from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.units import first_tries

START = datetime(2026, 1, 1, tzinfo=UTC)


def attempts(*rows):
    device, day, outcome = zip(*rows, strict=True)
    started = [None if at is None else START + timedelta(days=at) for at in day]
    return pl.DataFrame({"device": device, "started_at": started, "outcome": outcome}).with_columns(
        pl.col("started_at").cast(pl.Datetime("us", "UTC"))
    )


def kept(frame):
    days = (frame["started_at"] - START).dt.total_days()
    return list(zip(frame["device"], days, strict=True))


def test_a_laptop_that_tries_until_it_succeeds_counts_once():
    tries = attempts(("A", 2, "succeeded"), ("A", 0, "failed"), ("B", 1, "failed"), ("A", 1, "failed"))
    assert kept(first_tries(tries)) == [("A", 0), ("B", 1)]


def test_after_a_success_or_a_pause_of_more_than_thirty_days_a_new_journey_begins():
    after_success = attempts(("A", 0, "succeeded"), ("A", 1, "failed"))
    assert kept(first_tries(after_success)) == [("A", 0), ("A", 1)]
    paused = attempts(("A", 0, "failed"), ("A", 30, "failed"), ("A", 61, "failed"))
    assert kept(first_tries(paused)) == [("A", 0), ("A", 61)]


def test_attempts_of_unknown_devices_each_count_and_without_a_start_belong_to_the_journey_before():
    tries = attempts((None, 0, "failed"), (None, 0, "failed"), ("A", 3, "failed"), ("A", None, "failed"))
    assert kept(first_tries(tries)) == [(None, 0), (None, 0), ("A", 3)]


def test_a_whole_fleet_that_goes_from_two_to_fifty_percent_stands_out_at_every_scale():
    for size in (2_000, 20_000, 200_000):
        day = pl.int_range(size, eager=True) * 120 // size
        place = pl.int_range(size, eager=True) % 50
        failed = (place == 0) | ((day >= 60) & (place < 25))
        fleet = pl.DataFrame({"day": day, "failed": failed}).select(
            started_at=pl.lit(START) + pl.duration(days="day"),
            outcome=pl.when("failed").then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
        )
        first = explain(fleet).changes.row(0, named=True)
        assert ((first["at"] - START).days, first["where"]) == (60, "{}"), size
        assert first["q"] < 1e-6
