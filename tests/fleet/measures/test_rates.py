import polars as pl
import pytest

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.fleet import measure_failures, measure_rates

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
