"""What counting shows: groups and days, and that neither is a cause."""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.stand_outs import (
    MOST,
    differs,
    moved_days,
    standing_groups,
    tell_counting,
    tell_days,
    tell_groups,
    tell_where_to_look,
)


@pytest.fixture(scope="module")
def explained(fleet):
    return {"failed": explain(fleet.deployments)}


@pytest.fixture(scope="module")
def calm(explained):
    one = explained["failed"]
    return {"failed": replace(one, contrasts=one.contrasts.clear(), changes=one.changes.clear())}


def test_groups_and_days_are_told_up_to_as_many_of_each_kind(explained):
    one = explained["failed"]
    assert len(list(standing_groups(explained))) == min(MOST, one.contrasts.height)
    assert len(list(moved_days(explained))) == min(MOST, one.changes.height)
    assert differs(explained)


def test_where_nothing_stands_out_that_is_said_and_nothing_is_counted(calm):
    assert not differs(calm)
    assert [line.text for line in tell_groups(calm)] == ["No group stands out as failed."]
    assert list(tell_counting(calm)) == []


def test_what_is_counted_ends_with_the_word_that_it_is_no_cause(explained):
    assert [line.text for line in tell_counting(explained)][-1] == "Going together is not causing."


@pytest.mark.parametrize(
    ("where", "until", "look"),
    [
        ("{}", 17, "Look at what was down from 2026-03-11 12:00 UTC until 2026-03-11 17:00 UTC"),
        ("{}", None, "Open one device that failed since 2026-03-11 12:00 UTC"),
        ('{"model": "A"}', 17, "Open one device of model A"),
    ],
)
def test_hours_in_which_all_failed_are_no_matter_of_one_device(fleet, explained, where, until, look):
    one = explained["failed"]
    at, end = (hour and datetime(2026, 3, 11, hour, tzinfo=UTC) for hour in (12, until))
    changes = one.changes.head(1).with_columns(
        pl.lit(where).alias("where"), at=pl.lit(at), until=pl.lit(end, one.changes.schema["until"])
    )
    told = {"failed": replace(one, changes=changes)}
    (line,) = tell_where_to_look(told, fleet.deployments.with_columns(model=pl.lit("A")))
    assert line.text.startswith(look)
    (day,) = tell_days(told)
    assert day.text.startswith("2026-03-11 12:00 UTC" + (" until 2026-03-11 17:00 UTC:" if until else ":"))


def test_where_nothing_stands_out_nothing_is_to_be_looked_at(fleet, calm):
    assert list(tell_where_to_look(calm, fleet.deployments)) == []
