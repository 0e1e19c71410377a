"""Hours and days that were worse, in reports too short or too small for a series of days."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet import explain, measure_changes
from autopilot_analysis.fleet.explanation.days.hours import (
    LEAST_SCANNED,
    LEAST_WITHIN,
    SHORT,
    Stretch,
    find_stretches,
    is_short,
)

MONDAY = datetime(2026, 3, 9, 7, tzinfo=UTC)
HOURLY = [MONDAY + timedelta(days=n // 9, hours=n % 9) for n in range(45)]
"""Five working days, an attempt each hour from seven to three."""


def report(times, failed):
    """Attempts of devices of their own; those at the places given failed."""
    outcome = ["failed" if n in set(failed) else "succeeded" for n in range(len(times))]
    return pl.DataFrame({"started_at": times, "outcome": outcome})


def twice(failed):
    """Ninety attempts, two an hour; of the hours given both failed."""
    places = [2 * n + each for n in failed for each in (0, 1)]
    return report([at + timedelta(minutes=20 * each) for at in HOURLY for each in (0, 1)], places)


def spells(rows):
    found = measure_changes(rows).sort("at").select("at", "until", "kind", "before", "after")
    return [
        (f"{at:%d %H}", until and f"{until:%d %H}", kind, *levels)
        for at, until, kind, *levels in found.iter_rows()
    ]


def test_an_afternoon_on_which_all_failed_is_named_from_hour_to_hour():
    assert spells(twice(range(22, 27))) == [("11 11", "11 16", "short", 0.0, 1.0)]


def test_a_whole_day_is_named_as_a_day():
    assert spells(twice(range(18, 27))) == [("11 00", "12 00", "short", 0.0, 1.0)]


def test_what_began_at_noon_and_goes_on_has_no_end():
    assert spells(twice(range(23, 45))) == [("11 12", None, "lasting", 0.0, 1.0)]


def test_an_outage_at_the_start_of_the_report_is_told_by_its_end():
    assert spells(twice(range(4))) == [("09 11", None, "ended", 1.0, 0.0)]


def test_two_outages_are_both_named():
    assert [at for at, *_ in spells(twice([*range(11, 17), *range(30, 36)]))] == ["10 09", "12 10"]


def test_a_small_report_of_many_days_is_scanned_as_well():
    days = [MONDAY + timedelta(days=n) for n in range(40)]
    assert spells(report(days, range(20, 29))) == [("29 00", "07 00", "short", 0.0, 1.0)]


def test_failures_that_lie_scattered_are_no_outage():
    assert spells(report(HOURLY * 2, [3, 14, 21, 22, 38, 49, 60, 61, 77, 81, 88])) == []


@pytest.mark.parametrize(("hours", "named"), [(2, False), (3, True)])
def test_fewer_than_five_failures_are_no_outage(hours, named):
    assert bool(spells(twice(range(22, 22 + hours)))) is named


@pytest.mark.parametrize("count", [LEAST_WITHIN, LEAST_WITHIN - 1])
def test_what_leaves_fewer_than_five_others_is_not_looked_at(count):
    times = HOURLY[: 30 + count]
    assert bool(find_stretches(judged(report(times, range(30))), "failed")) is (count == LEAST_WITHIN)


def judged(rows):
    return rows.with_columns(
        day=pl.col("started_at").dt.date(), value=(pl.col("outcome") == "failed").cast(pl.Float64)
    )


def test_a_series_of_more_than_fourteen_days_and_sixty_units_is_no_short_report():
    times = [MONDAY + timedelta(days=n % 14, minutes=n) for n in range(60)]
    assert is_short(judged(report(times, [])), "failed")
    later = [*times[:-1], MONDAY + timedelta(days=14)]
    assert not is_short(judged(report(later, [])), "failed")
    assert is_short(judged(report(later[1:], [])), "failed")
    assert not is_short(judged(report(times[: LEAST_SCANNED - 1], [])), "failed")
    assert not is_short(judged(report(times, [])), "total")


def test_of_successes_few_are_the_outage():
    found = measure_changes(twice(range(22, 27)), measure="succeeded").row(0, named=True)
    assert (found["at"].hour, found["before"], found["after"]) == (11, 1.0, 0.0)


def test_stretches_meet_where_a_moment_is_of_both():
    noon, evening, night = (MONDAY + timedelta(hours=each) for each in (5, 11, 16))
    first = Stretch(noon, evening, -9.0)
    assert not first.meets(Stretch(evening, night, -9.0))
    assert first.meets(Stretch(None, evening, -9.0))
    assert first.meets(Stretch(noon + timedelta(hours=1), None, -9.0))
    assert not first.meets(Stretch(None, noon, -9.0))


def test_days_that_differ_as_they_do_while_nothing_happens_hardly_ever_raise_an_alarm():
    chance = np.random.default_rng(11)
    alarms = 0
    for _ in range(300):
        n, days = int(chance.integers(20, 400)), int(chance.integers(2, SHORT + 1))
        day, hour = chance.integers(0, days, n), chance.integers(0, 10, n)
        level = np.log(chance.uniform(0.03, 0.3)) + chance.normal(0, 0.3, days)[day]
        times = [
            MONDAY + timedelta(days=int(d), hours=int(h), minutes=3) for d, h in zip(day, hour, strict=True)
        ]
        rows = report(times, np.flatnonzero(chance.random(n) < np.exp(level)))
        alarms += bool(find_stretches(judged(rows), "failed"))
    assert alarms <= 3


def test_explain_tells_the_hours_and_what_to_look_at_is_no_group_of_that_day():
    rows = twice(range(22, 27)).with_columns(
        device=pl.format("D{}", pl.int_range(pl.len())),
        group_tag=pl.when(pl.int_range(pl.len()).is_in([9, 44, 46, 48, 50, 52, 60]))
        .then(pl.lit("Lab"))
        .otherwise(pl.lit("Office")),
    )
    told = explain(rows)
    assert told.contrasts.is_empty()
    (line,) = told.answers()
    assert line.startswith(
        "all attempts, from 11 March 2026, 11:00 UTC until 11 March 2026, 16:00 UTC: failed "
    )
