"""One Windows is one value, whatever update its devices have."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.deployments.windows_builds import with_windows_builds
from autopilot_analysis.fleet.explanation.sentences import WITH_THE_DAY

DAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
TEN = ("19045.5487", "19045.6216", "19045.6456")
ELEVEN = ("26100.6584", "26100.6899", "26100.7171")


def test_a_build_with_one_update_and_one_without_a_number_have_none():
    builds = [*TEN, "22631.4317", "22631.4317", "26100", None]
    named = with_windows_builds(pl.DataFrame({"build": builds}))
    assert named["windows_build"].to_list() == ["19045"] * 3 + [None] * 4


@pytest.mark.parametrize("builds", [TEN, ("19045.5487", "26100.6584"), ("24H2", "25H2"), (None, None)])
def test_where_builds_tell_no_more_than_updates_no_column_is_added(builds):
    frame = pl.DataFrame({"build": builds}, schema={"build": pl.String})
    assert with_windows_builds(frame).columns == ["build"]


def fleet(bad):
    """Deployments of twelve weeks on six updates of two Windows; which of them fail."""
    rows = [
        {
            "device": f"D-{n}",
            "started_at": DAY + timedelta(days=n / 6),
            "build": (*TEN, *ELEVEN)[(5 * n + n // 6) % 6],
        }
        for n in range(504)
    ]
    return pl.DataFrame(
        [{**row, "outcome": "failed" if bad(n, row["build"]) else "succeeded"} for n, row in enumerate(rows)]
    )


def test_a_windows_that_fails_since_a_day_is_one_group_with_one_day():
    found = explain(fleet(lambda n, build: n % 31 == 0 or (build in TEN and n >= 250 and n % 5 < 4)))
    assert [json.loads(where) for where in found.contrasts["where"]] == [{"windows_build": "19045"}]
    assert found.changes["at"].dt.date().to_list() == [(DAY + timedelta(days=250 / 6)).date()]


def test_one_bad_update_is_named_itself_and_not_its_siblings():
    found = explain(fleet(lambda n, build: n % 31 == 0 or (build == ELEVEN[0] and n % 5 < 3)))
    assert [json.loads(where) for where in found.contrasts["where"]] == [{"build": ELEVEN[0]}]
    assert found.contrasts["note"].to_list() == [None]


def test_a_windows_that_all_have_from_a_bad_day_on_cannot_be_told_apart_from_that_day():
    rows = [
        {
            "device": f"D-{n}",
            "started_at": DAY + timedelta(days=n // 10),
            "build": "22631.1" if n < 300 else ELEVEN[n % 2],
            "outcome": "failed" if n % (20 if n < 300 else 3) == 0 else "succeeded",
        }
        for n in range(600)
    ]
    found = explain(pl.DataFrame(rows))
    assert [json.loads(where) for where in found.contrasts["where"]] == [{"windows_build": "26100"}]
    assert found.contrasts["note"].to_list() == [WITH_THE_DAY]
