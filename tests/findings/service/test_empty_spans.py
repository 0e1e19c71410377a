"""Weeks without a row between busy ones, and near misses: holidays, quiet months, rare rows."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.findings.service.empty_spans import EmptySpan, empty_spans

FIRST = datetime(2026, 5, 1, 9, tzinfo=UTC)


def times(days):
    """One instant on each of some days, counted from the first."""
    return pl.Series("at", [FIRST + timedelta(days=day) for day in days], dtype=pl.Datetime("us", "UTC"))


@pytest.mark.parametrize(
    ("days", "spans"),
    [
        ([*range(31), *range(61, 92)], [(date(2026, 6, 1), date(2026, 6, 30), 30, 30)]),
        ([*range(20), *range(41, 70)], [(date(2026, 5, 21), date(2026, 6, 10), 20, 21)]),
        (
            [*range(40), *range(70, 110), *range(150, 190)],
            [(date(2026, 6, 10), date(2026, 7, 9), 30, 30), (date(2026, 8, 19), date(2026, 9, 27), 40, 40)],
        ),
    ],
)
def test_weeks_without_a_row_between_busy_ones_are_found(days, spans):
    assert empty_spans(times(days)) == [EmptySpan(*one) for one in spans]


@pytest.mark.parametrize(
    "days",
    [
        [day for day in range(120) if day % 7 < 5],  # weekends
        [*range(40), *range(60, 100)],  # a holiday of twenty days
        [*range(31), 45, *range(61, 92)],  # low, not empty
        [*range(19), *range(61, 92)],  # a list that had only begun
        [*range(0, 400, 30)],  # rare rows
        [],
    ],
)
def test_holidays_low_months_and_rare_rows_are_none(days):
    assert empty_spans(times(days)) == []


def test_a_span_is_told_with_what_lies_beside_it():
    (one,) = empty_spans(times([*range(31), *range(61, 92)]))
    assert (
        one.in_words == "from 2026-06-01 to 2026-06-30, with 30 in the 30 days before and 30 in those after"
    )
