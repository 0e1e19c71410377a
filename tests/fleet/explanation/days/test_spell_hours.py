"""An outage of some hours in a long report has its hours, and a bad day stays a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.days.hours import Stretch
from autopilot_analysis.fleet.explanation.days.spell_hours import in_hours, joined

FIRST = datetime(2026, 2, 2, tzinfo=UTC)


def fleet(down, days=40, hours=range(6, 18), an_hour=5):
    """Some attempts an hour; one in sixteen fails, and all in the hours that are down."""
    rows = []
    for day in range(days):
        for hour in hours:
            for n in range(an_hour):
                at = FIRST + timedelta(days=day, hours=hour, minutes=12 * n)
                failed = down(day, hour) or len(rows) % 16 == 7
                outcome = "failed" if failed else "succeeded"
                rows.append({"device": f"D-{len(rows)}", "started_at": at, "outcome": outcome})
    return pl.DataFrame(rows)


def spells(down, **more):
    changes = explain(fleet(down, **more)).changes
    return changes.select("at", "until", "n_after").rows()


def moment(day, hour=0):
    return FIRST + timedelta(days=day, hours=hour)


@pytest.mark.parametrize(("first", "last"), [(9, 15), (9, 14), (12, 18)])
def test_an_outage_of_some_hours_is_told_in_hours(first, last):
    told = spells(lambda day, hour: day == 20 and first <= hour < last)
    assert told == [(moment(20, first), moment(20, last), 5 * (last - first))]


def test_a_bad_day_stays_a_day_and_a_bad_week_a_week():
    assert spells(lambda day, hour: day == 20 and hour < 17) == [(moment(20, 6), moment(20, 17), 55)]
    assert spells(lambda day, hour: day == 20 and hour < 17, an_hour=4) == [(moment(20), moment(21), 48)]
    ((at, until, _),) = spells(lambda day, _: 20 <= day < 25)
    assert (at, until) == (moment(20), moment(25))


def test_what_lasts_and_spans_of_time_stay_as_they_are():
    changes = explain(fleet(lambda day, _: day >= 20)).changes
    assert changes["until"].to_list() == [None]
    assert in_hours(changes, pl.DataFrame(), "total").equals(changes)


@pytest.mark.parametrize(
    ("hours", "ends"),
    [
        ([(14, 18), (13, 14)], [(13, 18)]),  # the first hour was not quite as bad
        ([(14, 18), (8, 10)], [(8, 10), (14, 18)]),  # two outages
        ([(12, 13), (13, 15), (10, 12)], [(10, 15)]),
    ],
)
def test_hours_that_follow_each_other_are_one_outage(hours, ends):
    found = joined([Stretch(moment(20, at), moment(20, until), -9.0) for at, until in hours])
    assert [(each.at, each.until) for each in found] == [(moment(20, a), moment(20, b)) for a, b in ends]


def test_an_outage_over_midnight_has_its_hours():
    ((at, until, _),) = spells(
        lambda day, hour: (day == 20 and hour >= 20) or (day == 21 and hour < 4), hours=range(24), an_hour=4
    )
    assert (at, until) == (moment(20, 20), moment(21, 4))
