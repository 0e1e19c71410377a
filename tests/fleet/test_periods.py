"""Days, weeks and months begin where one place says."""

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.fleet import periods

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("period", "first", "day"),
    [("day", 0, (3, 4)), ("week", 0, (3, 2)), ("month", 0, (3, 1)), ("week", 6, (3, 1)), ("week", 3, (2, 26)),
     ("day", 6, (3, 4)), ("month", 6, (3, 1))],
)  # fmt: skip
def test_a_period_begins_where_the_first_day_of_a_week_says(monkeypatch, period, first, day):
    monkeypatch.setattr(periods, "FIRST", first)
    (began,) = pl.DataFrame({"at": [AT]}).select(periods.start_of(pl.col("at"), period)).to_series()
    assert began == datetime(2026, *day, tzinfo=UTC)


def test_the_first_day_of_a_week_is_the_first_of_its_days():
    (began,) = pl.DataFrame({"at": [AT]}).select(periods.start_of(pl.col("at"), periods.WEEK)).to_series()
    assert f"{began:%a}" == periods.DAYS[0]
    assert len(set(periods.DAYS)) == 7
