"""By how much a slow group is slow, in the minutes of the stage that differs most."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.answer.slow_stages import longest_apart

SLOW = {"where": '{"model": "Slate"}', "at": None, "until": None}


def rows(own, others, *, n=5, outcome="succeeded", stages=("device_setup", "account_setup")):
    """So many attempts of a model and of another, each with these minutes in its stages."""
    made = [
        {
            "model": model,
            "started_at": datetime(2026, 3, 2 + day, tzinfo=UTC),
            "outcome": outcome,
            **dict(zip(stages, (timedelta(minutes=each) for each in minutes), strict=False)),
            "total": timedelta(minutes=sum(minutes)),
        }
        for model, minutes in (("Slate", own), ("Brick", others))
        for day in range(n)
    ]
    return pl.DataFrame(made)


def test_the_stage_that_takes_longest_beside_the_others_is_told():
    told = longest_apart(rows((55, 9), (23, 6)), SLOW)
    assert told == ": device setup took 55 min (median), elsewhere 23 min"


def test_without_stages_the_whole_time_is_told():
    assert longest_apart(rows((55, 9), (23, 6), stages=()), SLOW) == (
        ": they took 1 h 04 min (median), elsewhere 29 min"
    )


@pytest.mark.parametrize(
    "given",
    [
        rows((55, 9), (23, 6), n=4),  # a median of few
        rows((23.9, 6), (23, 6)),
        rows((20, 6), (23, 6)),
        rows((55, 9), (23, 6), outcome="in_progress").drop("account_setup", "total"),
        rows((55, 9), (23, 6)).drop("device_setup", "account_setup", "total"),
    ],
)
def test_few_spans_and_small_differences_are_not_told(given):
    assert longest_apart(given, SLOW) == ""


def test_only_the_days_on_which_the_group_was_slow_count():
    given = rows((55, 9), (23, 6), n=10)
    early = (pl.col("model") == "Slate") & (pl.col("started_at") < datetime(2026, 3, 7, tzinfo=UTC))
    given = given.with_columns(
        pl.when(early).then(pl.lit(timedelta(minutes=9))).otherwise("device_setup").alias("device_setup")
    )
    since = {**SLOW, "at": datetime(2026, 3, 7, tzinfo=UTC)}
    assert longest_apart(given, since).startswith(": device setup took 55 min")
