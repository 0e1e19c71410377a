"""What an answer says of a group: whom it hit, what was lost, and what goes with it."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.answers import alternatives, cost, instant, within_days
from autopilot_analysis.fleet.explanation.days.dating import Dated
from autopilot_analysis.groups import Group


def attempts(*rows):
    """Rows of (device, hit, day of March, minutes)."""
    return pl.DataFrame(
        [
            {
                "device": d,
                "hit": float(h),
                "day": date(2026, 3, day),
                "total": timedelta(minutes=m),
                "value": float(m),
            }
            for d, h, day, m in rows
        ]
    )


ROWS = attempts(("A", 1, 1, 30), ("A", 1, 5, 40), ("B", 1, 5, 20), ("C", 0, 5, 10), ("C", 0, 6, 14))


@pytest.mark.parametrize(
    ("since", "outcome", "told"),
    [
        (None, "failed", (2, 90.0)),
        (date(2026, 3, 2), "failed", (2, 60.0)),
        (date(2026, 3, 6), "failed", (0, None)),
        (None, "slow", (2, 18.0 + 28.0 + 8.0)),
    ],
)
def test_lost_are_the_minutes_of_failures_and_of_slow_ones_what_goes_beyond_the_usual(since, outcome, told):
    assert cost(ROWS, since, outcome) == told


def test_an_export_without_spans_and_devices_cannot_say_what_was_lost():
    bare = ROWS.drop("device").with_columns(total=pl.lit(None, dtype=pl.Duration("us")))
    assert cost(bare, None, "failed") == (None, None)


def test_a_day_begins_at_midnight_utc():
    assert instant(date(2026, 3, 2)) == datetime(2026, 3, 2, tzinfo=UTC)
    assert instant(None) is None


DATED = Dated(date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 9), None, 9.0)


def units(profile_of_others):
    inside = {"model": ["A"] * 40, "profile": ["P"] * 40, "hit": [1.0] * 20 + [0.0] * 20}
    outside = {"model": ["B"] * 60, "profile": profile_of_others, "hit": [0.0] * 60}
    return pl.concat([pl.DataFrame(inside), pl.DataFrame(outside)])


@pytest.mark.parametrize(
    ("others", "note"),
    [
        (["Q"] * 60, "cannot be told apart from profile P"),
        (["P"] * 30 + ["Q"] * 30, None),
        (["P"] * 60, None),
    ],
)
def test_a_value_that_the_group_alone_has_goes_with_it(others, note):
    assert alternatives(Group.of({"model": "A"}), units(others), ["model", "profile"]) == note


@pytest.mark.parametrize(
    ("others", "note"),
    [
        (29, None),
        (8, None),
        (3, "cannot be told apart from profile P (of its others 0 of 3)"),
        (5, "cannot be told apart from profile P (of its others 0 of 5 (0 %, 0 to 43 %))"),
    ],
)
def test_others_that_do_clearly_better_with_the_value_tell_the_two_apart_and_too_few_are_counted(
    others, note
):
    rows = units(["P"] * others + ["Q"] * (60 - others))
    assert alternatives(Group.of({"model": "A"}), rows, ["model", "profile"]) == note


def test_others_are_counted_in_the_days_in_which_the_group_was_worse():
    early = units(["P"] * 25 + ["Q"] * 35).with_columns(
        hit=pl.when(profile="P", model="B").then(0.5).otherwise(0.0), day=date(2026, 3, 1)
    )
    late = units(["P"] * 25 + ["Q"] * 35).with_columns(day=date(2026, 3, 9))
    whole = pl.concat([early.with_columns(pl.col("hit").ceil()), late])
    group, names = Group.of({"model": "A"}), ["model", "profile"]
    assert alternatives(group, whole, names).endswith("(of its others 25 of 50 (50 %, 37 to 63 %))")
    assert alternatives(group, whole, names, within_days(DATED, None)) is None
    assert alternatives(group, whole, names, within_days(None, date(2026, 3, 2))) is not None
