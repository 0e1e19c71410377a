"""Tries of one device or account among those of many."""

import polars as pl
import pytest
from attempt_rows import fleet, healthy

from autopilot_analysis.fleet.explanation.failures.one_behind import (
    are_much_alike,
    counted_of,
    tell_one_behind,
)


def test_fifteen_tries_of_one_laptop_are_told_apart_and_first_attempts_are_counted():
    rows = fleet(*healthy(80, failed=4), ("PC-LAB", "tester", 15, 0))
    assert are_much_alike(rows)
    assert counted_of(rows).height == 81
    (line,) = tell_one_behind(rows)
    assert line.text == (
        "15 of the 19 failures are of one device, PC-LAB, which made 15 of the 95 attempts: of the first "
        "attempts of all others 4 of 80 (5 %, 2 to 12 %) failed."
    )


def test_fifteen_tries_on_fifteen_devices_are_of_no_device_alone():
    rows = fleet(*healthy(95, failed=19))
    assert not are_much_alike(rows)
    assert counted_of(rows) is rows
    assert list(tell_one_behind(rows)) == []


def test_one_account_behind_many_devices_is_named():
    rows = fleet(*healthy(80, failed=4), *((f"LAB-{n}", "tester", 1, 0) for n in range(12)))
    (line,) = tell_one_behind(rows)
    assert line.text.startswith("12 of the 16 failures are of one account, tester, which made 12 of the 92 ")


@pytest.mark.parametrize(
    "parts",
    [
        [*((f"PC-{n}", "dem", int(n < 9), int(n >= 9)) for n in range(80))],  # one enrols for all
        [*healthy(80, failed=1), ("PC-LAB", "tester", 3, 0)],  # three are few
        [*healthy(80, failed=9), ("PC-LAB", "tester", 9, 0)],  # half is not most
        [("PC-LAB", "tester", 5, 0), ("PC-OLD", "other", 1, 0)],  # nobody went well
    ],
)
def test_who_fails_no_more_than_others_and_few_failures_are_of_nobody(parts):
    assert list(tell_one_behind(fleet(*parts))) == []


def test_rows_that_name_no_device_are_of_nobody():
    rows = fleet(*healthy(80, failed=4), ("unknown", None, 15, 0))
    assert list(tell_one_behind(rows.with_columns(flags=pl.lit("no_device")))) == []


def test_one_device_alone_is_no_fleet():
    assert not are_much_alike(fleet(("PC-LAB", "tester", 15, 0)))
