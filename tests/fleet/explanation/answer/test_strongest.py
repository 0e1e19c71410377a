"""The first line names the strongest thing: what lasts before what may be chance or is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet import answer_fleet, explain
from autopilot_analysis.fleet.explanation.answer.look_at import tell_devices, tell_what_was_down
from autopilot_analysis.fleet.explanation.answer.strongest import (
    CALM,
    CALM_DAYS,
    NEAR_CHANCE,
    about_day,
    in_one_clause,
    in_the_first_line,
    may_be_chance,
    spell,
    strongest,
    times_as_long,
)
from autopilot_analysis.fleet.explanation.explain import explain_outcomes
from autopilot_analysis.fleet.explanation.sentences import set_in_days

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def change(**more):
    own = {
        "where": "{}", "kind": "lasting", "measure": "failed", "at": FIRST, "at_low": FIRST, "at_high": FIRST,
        "until": None, "before": 0.05, "after": 0.3, "q": 0.0001,
    }  # fmt: skip
    return own | more


def fleet_of(minutes, model=lambda n: "ABC"[n % 3], size=240):
    """Six attempts a day that all take a time; every twentieth fails."""
    return pl.DataFrame(
        {
            "device": f"D-{n}",
            "started_at": FIRST + timedelta(days=n // 6, hours=8 + n % 6),
            "total": timedelta(minutes=minutes(n) + n % 5),
            "outcome": "failed" if n % 20 == 7 else "succeeded",
            "model": model(n),
        }
        for n in range(size)
    )


@pytest.fixture(scope="module")
def calm():
    """Nothing stands out of a fleet that was compared."""
    return explain_outcomes(fleet_of(lambda _: 24))


def test_where_all_take_twice_as_long_the_first_line_says_since_when_and_by_how_much():
    rows = fleet_of(lambda n: 24 if n < 120 else 50)
    line = in_the_first_line(explain_outcomes(rows), rows)
    assert line == "since 2026-03-22 all deployments take twice as long, 52 min against 26 min"


def test_where_nothing_stands_out_that_is_what_the_first_line_says(calm):
    rows = fleet_of(lambda _: 24)
    assert in_the_first_line(calm, rows) == CALM
    alone = {outcome: replace(one, grouped=False) for outcome, one in calm.items()}
    assert in_the_first_line(alone, rows) == CALM_DAYS
    few = {outcome: replace(one, few="Too few.") for outcome, one in calm.items()}
    assert in_the_first_line(few, rows) == ""


@pytest.mark.parametrize(
    ("q", "until", "chance"),
    [
        (NEAR_CHANCE, FIRST + DAY, True),
        (NEAR_CHANCE / 2, FIRST + DAY, False),
        (NEAR_CHANCE, FIRST + 2 * DAY, False),
        (NEAR_CHANCE, None, False),
    ],
)
def test_a_single_day_near_the_limit_may_be_chance(q, until, chance):
    row = change(q=q, until=until)
    assert may_be_chance(row) == chance
    assert not may_be_chance({"at": FIRST, "until": until, "q": q})  # a group


@pytest.mark.parametrize(
    ("more", "clause"),
    [
        ({}, "since 2026-03-02, 30 % of all failed, before 5 %"),
        ({"at_low": FIRST - DAY}, "since about 2026-03-02, 30 % of all failed, before 5 %"),
        ({"until": FIRST + DAY}, "on 2026-03-02, 30 % of all failed, before that 5 %"),
        ({"before": None}, "since 2026-03-02, 30 % of all failed"),
        ({"before": 0.3, "after": 0.1}, "until 2026-03-02, 30 % of all failed, since then 10 %"),
        ({"where": '{"model": "A"}'}, "since 2026-03-02, 30 % of model A failed, before 5 %"),
        (
            {"measure": "total", "before": 20.0, "after": 40.0},
            "since 2026-03-02 all deployments take twice as long, 40 min against 20 min",
        ),
        (
            {"measure": "total", "before": 50.0, "after": 20.0},
            "until 2026-03-02 all deployments took 2.5 times as long, 50 min against 20 min since",
        ),
    ],
)
def test_a_change_in_one_clause(more, clause):
    assert in_one_clause(change(**more)) == clause


@pytest.mark.parametrize(
    ("short", "long", "words"),
    [
        (10.0, 14.9, "longer"),
        (10.0, 15.0, "1.5 times as long"),
        (10.0, 18.9, "1.9 times as long"),
        (10.0, 19.0, "twice as long"),
        (10.0, 20.9, "twice as long"),
        (10.0, 21.0, "2.1 times as long"),
        (0.0, 5.0, "longer"),
    ],
)
def test_how_many_times_as_long(short, long, words):
    assert times_as_long(short, long) == words


@pytest.mark.parametrize(
    ("hour", "length", "words"),
    [
        (0, DAY, "on 2026-03-02"),
        (13, timedelta(hours=5), "on 2026-03-02 from 13:00 to 18:00 UTC"),
        (20, timedelta(hours=8), "from 2026-03-02 20:00 UTC until 2026-03-03 04:00 UTC"),
        (0, 2 * DAY, "on 2026-03-02 and 2026-03-03"),
        (0, 3 * DAY, "from 2026-03-02 to 2026-03-04"),
        (0, 31 * DAY, "from 2026-03-02 to 2026-04-01"),
        (20, timedelta(hours=28), "from 2026-03-02 20:00 UTC until the end of 2026-03-03"),
    ],
)
def test_a_spell_is_told_by_its_day_its_hours_or_its_days_the_last_included(hour, length, words):
    at = FIRST + timedelta(hours=hour)
    assert spell({"at": at, "until": at + length}) == words


def test_the_days_that_a_change_may_have_come_on_stand_behind_it():
    assert set_in_days(change()) == ""
    assert set_in_days(change(at_low=FIRST - DAY)) == " (or a day from 2026-03-01 to 2026-03-02)"
    assert about_day(change()) == "2026-03-02"


def with_changes(calm, *rows):
    one = calm["failed"]
    made = pl.DataFrame(
        [{**dict.fromkeys(one.changes.schema), "n_before": 90, "n_after": 14, **row} for row in rows],
        schema=one.changes.schema,
    )
    return {"failed": replace(one, changes=made)}


def test_what_may_be_chance_comes_behind_what_is_not_and_asks_instead_of_ordering(calm):
    chance = change(q=0.02, until=FIRST + DAY)
    lasting = change(where='{"model": "A"}', at=FIRST + 9 * DAY)
    assert [row["where"] for _, row in strongest(with_changes(calm, chance, lasting))] == [
        '{"model": "A"}',
        "{}",
    ]
    rows = fleet_of(lambda _: 24)
    alone = with_changes(calm, chance)
    assert in_the_first_line(alone, rows).endswith("before that 5 %, which may be chance")
    (line,) = tell_what_was_down(alone)
    assert line.text == (
        "Ask whether anything was down on 2026-03-02 (service health, network, proxy); if nothing was, it "
        "may be chance."
    )
    (loud,) = tell_what_was_down(with_changes(calm, {**chance, "q": 0.001}))
    assert loud.text.startswith("Look at what was down on 2026-03-02 (")


def test_each_group_that_stands_out_has_a_named_device_to_look_at():
    rows = fleet_of(lambda _: 24).with_columns(
        outcome=pl.when(pl.col("model") != "C").then(pl.lit("failed")).otherwise("outcome"),
        flags=pl.lit(None, pl.String),
        name=pl.format("PC-{}", "device"),
    )
    explained = {"failed": explain(rows)}
    one = explained["failed"]
    two = [one.contrasts.head(1).with_columns(where=pl.lit(f'{{"model": "{name}"}}')) for name in "AB"]
    both = {"failed": replace(one, contrasts=pl.concat(two))}
    told = [line.text for line in tell_devices(both, rows.with_columns(serial=pl.lit(None, pl.String)))]
    wheres = {line.split(" that ")[0].split(", such as")[0] for line in told}
    assert {f"Collect diagnostics from one device of model {name}" for name in "AB"} <= wheres
    assert all(", such as PC-D-" in line for line in told)


def test_the_sample_names_its_group_in_the_first_line_and_other_codes_behind_what_to_do(fleet):
    told = answer_fleet(fleet)
    assert told.verdict.endswith("; since about 2026-04-14, 40 % of profile User driven failed, before 4 %")
    labels = [section.label for section in told.sections]
    assert labels.index("Also found") > labels.index("What to do")
