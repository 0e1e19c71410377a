import polars as pl
import pytest

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.fleet import measure_failure_rates, measure_failures, measure_rates

FRAME = pl.DataFrame(
    {
        "device": list("abcdefg"),
        "model": ["A", "A", "A", "A", "B", "B", None],
        "outcome": ["failed", "succeeded", "succeeded", "in_progress", "failed", "unknown", "failed"],
        "failed_stage": ["device_setup", None, None, None, "device_setup", None, "account_setup"],
        "code": ["0x87D1041C", None, None, None, "0x87D1041C", None, None],
        "flags": [None, "success_with_timeout,not_clean", None, None, None, None, None],
    }
)


def test_running_and_unknown_attempts_are_in_no_rate_but_counted():
    rates = measure_rates(FRAME, by="model")
    assert rates.select("model", "n", "k", "open").rows() == [("A", 3, 1, 1), ("B", 1, 1, 1), (None, 1, 1, 0)]


def test_going_on_past_a_timeout_is_no_clean_success():
    assert measure_rates(FRAME, outcome="succeeded").select("n", "k").row(0) == (5, 2)
    assert measure_rates(FRAME, outcome="succeeded", clean=True).select("n", "k").row(0) == (5, 1)
    assert measure_rates(FRAME, outcome="failed", clean=True)["k"].item() == 4


def test_failures_come_most_frequent_first_and_add_up():
    failures = measure_failures(FRAME)
    assert failures.select("failed_stage", "code", "n", "k", "devices").rows() == [
        ("device_setup", "0x87D1041C", 3, 2, 2),
        ("account_setup", None, 3, 1, 1),
    ]
    assert failures["cumulative"].to_list() == pytest.approx([2 / 3, 1.0])


def test_an_outcome_nobody_knows_is_refused():
    with pytest.raises(UnknownName, match="did you mean failed"):
        measure_rates(FRAME, outcome="fail")


RETRIED = pl.DataFrame(
    {
        "device": [*["STUBBORN"] * 15, *(f"D{each}" for each in range(45))],
        "model": ["A"] * 60,
        "outcome": ["failed"] * 15 + ["failed"] * 3 + ["succeeded"] * 42,
        "failed_stage": ["device_setup"] * 18 + [None] * 42,
        "code": ["0x87D1041C"] * 15 + ["0x80180014"] * 3 + [None] * 42,
    }
)


def test_one_device_that_fails_fifteen_times_is_no_fifteen_devices():
    row = measure_rates(RETRIED, by="model").row(0, named=True)
    alone = measure_rates(RETRIED.drop("device"), by="model").row(0, named=True)
    assert (row["n"], row["k"], row["share"]) == (alone["n"], alone["k"], alone["share"]) == (60, 18, 0.3)
    assert alone["design"] == 1.0
    assert row["design"] == pytest.approx(41.34, abs=0.01)
    assert row["low"] < 0.12 < alone["low"]
    assert row["high"] > 0.6 > alone["high"]


def test_the_same_holds_for_what_fails_and_for_whom():
    failures = measure_failures(RETRIED).filter(pl.col("code") == "0x87D1041C")
    rates = measure_failure_rates(RETRIED, by="model").filter(pl.col("failure").str.contains("0x87D1041C"))
    for found, alone in (
        (failures, measure_failures(RETRIED.with_columns(device=pl.int_range(60).cast(pl.String)))),
        (rates, measure_failure_rates(RETRIED.drop("device"), by="model")),
    ):
        same = alone.filter(pl.col("k") == 15)
        assert found.select("n", "k", "share").rows() == same.select("n", "k", "share").rows()
        assert found["low"].item() < 0.7 * same["low"].item()


def test_attempts_of_which_none_ended_have_no_share():
    rates = measure_rates(FRAME.filter(pl.col("outcome") == "in_progress"))
    assert rates.rows() == [(0, 0, None, None, None, 1, None)]
