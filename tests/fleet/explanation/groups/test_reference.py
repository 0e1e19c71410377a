"""Groups compared with a period or with another group, like with like, in place of all others."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import fisher_exact

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.fleet import measure_contrasts
from autopilot_analysis.fleet.explanation.groups import reference
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT

START = datetime(2026, 1, 1, tzinfo=UTC)
JANUARY = "2026-01-01..2026-01-31"


def fleet(rate, n=8000, seed=11):
    """Return attempts of two months; `rate` says from day, model and profile how likely each fails."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, 59, n))
    model = rng.choice(["Slate 13", "Note 7", "Kite X1"], n)
    profile = rng.choice(["P1", "P2"], n, p=[0.7, 0.3])
    frame = pl.DataFrame({"day": day, "model": model, "profile": profile})
    failed = rng.random(n) < frame.select(rate.alias("rate"))["rate"].to_numpy()
    return frame.drop("day").with_columns(
        outcome=pl.Series(np.where(failed, "failed", "succeeded")),
        started_at=pl.Series([START + timedelta(days=int(each)) for each in day]),
    )


def where(found):
    return [json.loads(each) for each in found["where"]]


NOTE, SECOND, LATE = pl.col("model") == "Note 7", pl.col("profile") == "P2", pl.col("day") >= 31


def test_what_always_failed_more_does_not_stand_out_against_last_month_and_what_got_worse_does():
    rate = pl.when(NOTE).then(0.3).otherwise(0.05) + pl.when(SECOND & LATE).then(0.15).otherwise(0.0)
    attempts = fleet(rate)
    assert where(measure_contrasts(attempts))[0] == {"model": "Note 7"}
    assert where(measure_contrasts(attempts, reference=JANUARY)) == [{"profile": "P2"}]


def test_a_group_is_compared_with_the_same_group_in_the_period():
    attempts = fleet(pl.when(SECOND & LATE).then(0.2).otherwise(0.05))
    row = measure_contrasts(attempts, reference=JANUARY).row(0, named=True)
    parts = {
        late: attempts.filter(
            pl.col("profile") == "P2", (pl.col("started_at") >= START + timedelta(days=31)) == late
        )
        for late in (True, False)
    }
    own, alike = ((part.height, int((part["outcome"] == "failed").sum())) for part in parts.values())
    assert (row["n"], row["k"]) == own
    assert (row["rest_n"], row["rest_k"]) == alike
    table = [[row["k"], row["n"] - row["k"]], [row["rest_k"], row["rest_n"] - row["rest_k"]]]
    assert row["p"] == pytest.approx(fisher_exact(table, alternative="greater").pvalue, rel=1e-9)


def test_where_all_got_worse_the_answer_is_all():
    found = measure_contrasts(fleet(pl.when(LATE).then(0.2).otherwise(0.05)), reference=JANUARY)
    assert where(found) == [{}]
    assert found.select("conditions", "support").row(0) == (0, 1.0)


def test_where_nothing_moved_nothing_is_found():
    rate = pl.when(NOTE).then(0.3).otherwise(0.05)
    raised = [measure_contrasts(fleet(rate, 3000, seed), reference=JANUARY).height for seed in range(30)]
    assert sum(height > 0 for height in raised) <= 1


def test_against_a_group_the_others_are_compared_with_those_like_them_in_it():
    rate = pl.when(NOTE).then(0.3).when(SECOND).then(0.2).otherwise(0.05)
    found = measure_contrasts(fleet(rate), reference="profile=P1")
    assert sorted(where(found), key=str) == [{"model": "Kite X1"}, {"model": "Slate 13"}]
    assert_frame_equal(found, measure_contrasts(fleet(rate), reference={"profile": "p1"}))


def test_a_value_that_the_reference_lacks_is_left_out_of_the_comparison():
    rate = pl.when(NOTE).then(0.3).otherwise(0.05) + pl.when(SECOND & LATE).then(0.2).otherwise(0.0)
    attempts = fleet(rate).with_columns(
        build=pl.when((pl.col("started_at") >= START + timedelta(days=31)) & SECOND)
        .then(pl.lit("26100.9"))
        .otherwise(pl.lit("26100.1"))
    )
    row = measure_contrasts(attempts, attributes=["build", "model"], reference=JANUARY).row(0, named=True)
    assert json.loads(row["where"]) == {"build": "26100.9"}
    january = attempts.filter(pl.col("started_at") < START + timedelta(days=31))
    assert row["rest_n"] == january.height, "no attempt of January has that build: all of January is like it"


def test_counted_attempts_give_the_same():
    attempts = fleet(pl.when(SECOND & LATE).then(0.2).otherwise(0.05))
    counted = attempts.group_by("model", "profile", "started_at", maintain_order=True).agg(
        n=pl.len(), k=(pl.col("outcome") == "failed").sum()
    )
    one, other = (measure_contrasts(each, reference=JANUARY, depth=3) for each in (counted, attempts))
    assert_frame_equal(one, other, rel_tol=1e-12, abs_tol=0)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2026-01-01..2026-01-31", 31),
        ("..2026-01-10", 10),
        ("2026-02-27..", 2),
        ("2026-02-01 .. 2026-02-01", 1),
    ],
)
def test_both_days_of_a_period_are_counted_in_and_either_end_may_be_open(period, days):
    frame = pl.DataFrame({"started_at": [START + timedelta(days=day, hours=23) for day in range(59)]})
    unknown = frame.with_columns(started_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    assert reference.within(frame, period).sum() == days
    assert reference.within(unknown, period).sum() == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("last month", "a period is written"),
        ("2026-13-01..", "a period is written"),
        ("2025-01-01..2025-01-31", "0 attempts lie in the reference; at least 30"),
        ("2026-01-01..2026-12-31", "0 attempts lie outside the reference; at least 30"),
    ],
)
def test_a_reference_that_is_none_or_too_small_is_refused(given, said):
    with pytest.raises(BadInput, match=said):
        measure_contrasts(fleet(pl.lit(0.1), 200), reference=given)


def test_a_column_nobody_has_is_refused():
    with pytest.raises(UnknownName):
        measure_contrasts(fleet(pl.lit(0.1), 200), reference="modell=Note 7")


@pytest.mark.parametrize(("attempts", "enough"), [(29, False), (30, True)])
def test_thirty_attempts_make_a_reference_and_a_value_of_it(attempts, enough):
    frame = fleet(pl.lit(0.1), 400).with_columns(site=pl.Series(["A"] * attempts + ["B"] * (400 - attempts)))
    assert frame.filter(pl.col("site") == "A").height == attempts
    if enough:
        assert measure_contrasts(frame, reference="site=A").height == 0
    else:
        with pytest.raises(BadInput, match="29 attempts lie in the reference"):
            measure_contrasts(frame, reference="site=A")
    assert SUPPORT == 30
