"""What counting shows: groups and days, and that neither is a cause."""

from dataclasses import replace

import polars as pl

from autopilot_analysis.fleet.explanation.answer.stand_outs import (
    MOST,
    differs,
    moved_days,
    standing_groups,
    tell_calm,
    tell_costs,
    tell_counting,
    tell_days,
    tell_groups,
)


def test_groups_and_days_are_told_up_to_as_many_of_each_kind(explained):
    one = explained["failed"]
    assert len(list(standing_groups(explained))) == min(MOST, one.contrasts.height)
    assert len(list(moved_days(explained))) == min(MOST, one.changes.height)
    assert differs(explained)


def test_where_nothing_stands_out_that_is_said_and_nothing_is_counted(fleet, calm):
    assert not differs(calm)
    assert list(tell_groups(calm, fleet.deployments)) == []
    assert [line.text for line in tell_calm(calm)] == ["No group stands out as failed."]
    assert list(tell_counting(calm)) == []


def test_what_is_counted_ends_with_the_word_that_it_is_no_cause(explained):
    assert [line.text for line in tell_counting(explained)][-1] == "Going together is not causing."


def test_one_group_is_named_once_with_all_that_is_told_of_it(fleet, explained):
    told = [*tell_groups(explained, fleet.deployments), *tell_days(explained), *tell_costs(explained)]
    named = [line.text for line in (*told, *tell_counting(explained)) if "User driven" in line.text]
    assert len(named) == 1
    assert "0x80180018 (The user's licence is missing or in a bad state) in " in named[0]


def test_of_several_groups_each_line_names_its_own(fleet, explained):
    one = explained["failed"]
    other = one.contrasts.with_columns(where=pl.lit('{"model": "A"}'))
    two = {"failed": replace(one, contrasts=pl.concat([one.contrasts.head(1), other.head(1)]))}
    rows = fleet.deployments.with_columns(model=pl.lit("B"))
    assert [line.text.split(":")[0] for line in tell_groups(two, rows)][:2] == [
        "Profile User driven",
        "Model A",
    ]
    assert all(
        line.text.startswith(("Profile User driven, failed: ", "Model A, failed: "))
        for line in tell_costs(two)
    )
    assert next(iter(tell_days(two))).text.startswith(
        "2026-04-14 (or a day from 2026-04-10 to 2026-04-14): Profile User driven: share "
    )
