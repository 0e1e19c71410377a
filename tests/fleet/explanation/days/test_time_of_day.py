"""Hours of the day at which attempts fail or are slow on many days, and what must stay silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.days.time_of_day import find_hours, hours_in_words
from autopilot_analysis.groups import Group

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
ALL_DAY = range(24)


def units(hit, days=30, hours=ALL_DAY):
    """One attempt an hour of each day; `hit` tells of day and hour whether it failed."""
    rows = [
        (FIRST + timedelta(days=day, hours=hour), int(hit(day, hour)))
        for day in range(days)
        for hour in hours
    ]
    frame = pl.DataFrame(rows, schema=["started_at", "hit"], orient="row")
    return frame.with_columns(day=pl.col("started_at").dt.date())


def found(rows, asked=1):
    return find_hours([(Group(), rows)] * asked).select("first", "until").rows()


@pytest.mark.parametrize(
    ("hours", "told"),
    [(range(12, 16), (12, 16)), ((22, 23, 0, 1), (22, 2)), ((22, 23), (22, 24))],
)
def test_hours_that_fail_every_day_are_named_also_over_midnight(hours, told):
    assert found(units(lambda day, hour: hour in hours and day % 2)) == [told]


@pytest.mark.parametrize(
    "rows",
    [
        units(lambda day, hour: day == 9 and 9 <= hour < 15),  # an outage has a date
        pl.concat([units(lambda day, hour: day in (9, 10) and 9 <= hour < 15)] * 5),
        units(lambda day, hour: (day + hour) % 9 == 0),  # all hours alike
        units(lambda day, hour: (day + hour) % 3 == 0, hours=range(12, 16)),
        units(lambda day, _: day % 2, hours=(12,)),  # no other hours beside them
        units(lambda _, hour: hour == 12, days=4),  # too few
    ],
)
def test_an_outage_and_what_is_alike_at_all_hours_show_no_hour_of_the_day(rows):
    assert found(rows) == []


def test_hours_must_fail_much_more_often_than_the_others():
    def share(day, hour, most):
        return (day * 7 + hour) % 100 < (most if 8 <= hour < 18 else 40)

    assert found(units(lambda day, hour: share(day, hour, 100), days=200)) == [(8, 18)]
    assert found(units(lambda day, hour: share(day, hour, 52), days=200)) == []


def later(rows, days):
    return rows.with_columns(pl.col("started_at", "day").dt.offset_by(f"{days}d"))


@pytest.mark.parametrize(("beside", "told"), [(11, []), (12, [(12, 13)])])
def test_hours_need_attempts_beside_them(beside, told):
    rows = units(lambda day, _: day % 8, days=40, hours=(12,))
    others = later(units(lambda *_: False, days=beside, hours=(3,)), 100)
    assert found(pl.concat([rows, others])) == told


def test_hours_that_one_day_makes_are_that_days():
    usual = units(lambda day, hour: day in (2, 5, 12, 20) and hour in (10, 20))
    outage = later(units(lambda *_: True, days=1, hours=range(9, 15)), 9)
    assert found(pl.concat([usual, *[outage] * 5])) == []


def test_many_groups_must_be_surer():
    rows = units(lambda day, hour: (hour == 12 and day % 5 in (0, 2)) or (day + hour) % 12 == 0)
    assert [found(rows, asked) for asked in (1, 60)] == [[(12, 13)], []]


def test_chance_shows_no_hour_of_the_day():
    random = np.random.default_rng(7)
    rows = [units(lambda *_: random.random() < 0.1, hours=range(7, 18)) for _ in range(100)]
    assert sum(len(found(each)) for each in rows) == 0


def test_a_site_that_is_slow_in_the_afternoon_is_told_with_its_hours():
    rows = []
    for day in range(60):
        for n, hour in enumerate((7, 8, 9, 10, 11, 12, 13, 14, 15)):
            for site in ("East", "West"):
                slow = site == "East" and hour >= 12
                minutes = (120 if slow else 40) + (day * 7 + n * 3) % 11
                at = FIRST + timedelta(days=day, hours=hour)
                rows.append(
                    {
                        "device": f"{site}-{day}-{hour}",
                        "started_at": at,
                        "outcome": "succeeded",
                        "total": timedelta(minutes=minutes),
                        "device_category": site,
                    }
                )
    answer = explain(pl.DataFrame(rows), outcome="slow")
    assert answer.contrasts["where"].to_list() == ['{"device_category": "East"}']
    (row,) = answer.hours.to_dicts()
    assert hours_in_words(row, "slow").startswith("device category East, every day from 12:00 to 16:00 UTC: ")
    assert answer.answers()[-1] == hours_in_words(row, "slow")
    assert answer.to_dict()["hours"][0]["where"] == {"device_category": "East"}
    afternoons = pl.DataFrame(
        [row for row in rows if row["device_category"] == "West" or row["started_at"].hour >= 12]
    )
    assert explain(afternoons, outcome="slow").hours.is_empty()  # near miss: no other hours beside them
