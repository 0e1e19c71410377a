"""A day from which more failed: whose attempts moved, one account's or everybody's."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.explanation.days.one_account import of_one_account
from autopilot_analysis.groups import Group

START = datetime(2026, 4, 1, 8, tzinfo=UTC)
DAYS, TURN = 40, 20


def fleet(others=(0.04, 0.04), own=(0.1, 0.9), *, a_day=8, own_a_day=3):
    """Attempts of many accounts and of `staging`, with their share of failures before and after day 20."""
    rows = []
    for day in range(DAYS):
        late = int(day >= TURN)
        for many, share, who in ((a_day, others, "u{}"), (own_a_day, own, "staging")):
            rows += [{"day_": day, "user": who.format(n), "share": share[late]} for n in range(many)]
    frame = pl.DataFrame(rows).with_columns(
        place=pl.int_range(pl.len()).over(pl.col("user") == "staging", "share")
    )
    count = (pl.col("share") * (pl.col("place") + 1)).floor() - (pl.col("share") * pl.col("place")).floor()
    return frame.select(
        "user",
        device=pl.format("D-{}", pl.int_range(pl.len())),
        started_at=pl.lit(START) + pl.duration(days="day_"),
        outcome=pl.when(count > 0).then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
        code=pl.when(count > 0).then(pl.lit("0x80180013")),
    )


def whose(rows):
    return [json.loads(where) for where in explain(rows).changes["where"]]


def test_a_change_that_is_one_accounts_alone_is_told_of_it_with_its_own_levels():
    (row,) = explain(fleet()).changes.to_dicts()
    assert json.loads(row["where"]) == {"user": "staging"}
    assert (row["n_before"], row["n_after"]) == (60, 60)
    assert (round(row["before"], 1), round(row["after"], 1)) == (0.1, 0.9)
    assert f"{row['at']:%Y-%m-%d}" == "2026-04-21"


def test_an_account_that_only_came_with_the_day_has_no_level_before():
    rows = fleet(own=(0.0, 0.9)).filter((pl.col("user") != "staging") | (pl.col("outcome") == "failed"))
    (row,) = explain(rows).changes.to_dicts()
    assert (json.loads(row["where"]), row["before"], row["n_before"]) == ({"user": "staging"}, None, 0)


@pytest.mark.parametrize(
    "rows",
    [
        fleet(others=(0.04, 0.6), own=(0.04, 0.6)),  # everybody alike
        fleet(others=(0.04, 0.25)),  # the account most, and the others too
        fleet(own=(0.0, 0.5), others=(0.0, 0.0), a_day=0, own_a_day=11),  # there is nobody else
        fleet(own=(0.05, 0.6), others=(0.0, 0.0), a_day=1, own_a_day=11).filter(  # few others
            (pl.col("user") == "staging") | (pl.col("started_at").dt.day() % 2 == 0)
        ),
    ],
)
def test_a_change_in_which_others_took_part_or_that_has_no_others_is_of_all(rows):
    assert whose(rows) == [{}]


def test_without_accounts_or_of_a_duration_it_stays_a_change_of_all():
    assert whose(fleet().drop("user")) == [{}]
    assert whose(fleet().with_columns(user=pl.lit(None, pl.String))) == [{}]
    changes = explain(fleet().drop("user")).changes
    units = fleet().with_columns(hit=pl.lit(1), value=pl.lit(1.0))
    assert of_one_account(changes, units, "total") is changes


def test_a_level_that_fell_is_of_all():
    rows = explain(fleet(own=(0.9, 0.1)).drop("user")).changes
    units = fleet(own=(0.9, 0.1)).with_columns(hit=(pl.col("outcome") == "failed").cast(pl.Int64))
    kept = of_one_account(rows, units.with_columns(value=pl.col("hit").cast(pl.Float64)), "failed")
    assert kept["where"].to_list() == [Group().to_json()] * rows.height
    assert np.all(kept["before"].to_numpy() == rows["before"].to_numpy())
