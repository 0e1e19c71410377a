"""What counting shows: groups and days, and that neither is a cause."""

from dataclasses import replace

import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.stand_outs import (
    MOST,
    differs,
    moved_days,
    standing_groups,
    tell_counting,
    tell_groups,
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
