"""What counting shows: groups and days, and that neither is a cause."""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.answer.look_at import tell_devices
from autopilot_analysis.fleet.explanation.answer.stand_outs import (
    MOST,
    NOT_APART,
    differs,
    heading_of,
    moved_days,
    standing_groups,
    tell_calm,
    tell_costs,
    tell_counting,
    tell_days,
    tell_groups,
)
from autopilot_analysis.fleet.explanation.answer.strongest import in_the_first_line
from autopilot_analysis.fleet.explanation.sentences import WITH_THE_DAY


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
        "2026-04-14 (or a day from 2026-04-10 to 2026-04-14): Profile User driven: of first attempts, share "
    )


@pytest.fixture(scope="module")
def with_its_day(explained):
    """Of all a day on which more failed, and the one group that came on it."""
    one = explained["failed"]
    day = one.changes.head(1).with_columns(where=pl.lit("{}"))
    came = one.contrasts.head(1).with_columns(note=pl.lit(WITH_THE_DAY))
    return {"failed": replace(one, contrasts=came, changes=day, of_all=1)}


def test_what_came_with_the_day_of_all_is_one_thing_with_it_and_said_to_be_undecided(fleet, with_its_day):
    (row,) = with_its_day["failed"].contrasts.iter_rows(named=True)
    name = heading_of(row)
    happened = [line.text for line in tell_groups(with_its_day, fleet.deployments)]
    assert [text for text in happened if name in text] == [f"{name} came on the same day. {NOT_APART}"]
    assert [len(list(tell(with_its_day))) for tell in (tell_counting, tell_costs)] == [2, 0]
    to_do = [line.text for line in tell_devices(with_its_day, fleet.deployments)]
    assert (
        to_do[-1]
        == f"Deploy one device without {name[0].lower()}{name[1:]}: it shows which of the two is the reason."
    )
    assert len(to_do) == 2
    assert in_the_first_line(with_its_day, fleet.deployments).endswith(" came on the same day")


def test_what_else_a_group_cannot_be_told_apart_from_stands_behind_it(fleet, explained):
    one = explained["failed"]
    noted = {
        "failed": replace(
            one, contrasts=one.contrasts.with_columns(note=pl.lit("cannot be told apart from build 1"))
        )
    }
    (line, *_) = tell_groups(noted, fleet.deployments)
    assert line.text.endswith(" This cannot be told apart from build 1.")


def test_what_came_after_a_spell_of_failures_is_counted_beside_it():
    days = [datetime(2026, 3, day, 9, n, tzinfo=UTC) for day in range(1, 29) for n in range(6)]
    rows = pl.DataFrame(
        {
            "device": [f"D-{n}" for n in range(len(days))],
            "deployment": [f"d-{n}" for n in range(len(days))],
            "origin": "graph",
            "started_at": days,
            "outcome": ["failed" if at.day in (17, 18) else "succeeded" for at in days],
        }
    )
    (line,) = tell_days({"failed": explain(rows)}, rows)
    assert line.text.startswith("2026-03-17 until the end of 2026-03-18: of first attempts, share failed")
    assert "; after it 0 of 60 (0 %, 0 to 6 %)" in line.text
    (bare,) = tell_days({"failed": explain(rows)})
    assert "after it" not in bare.text
