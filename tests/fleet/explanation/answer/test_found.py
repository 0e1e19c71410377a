from __future__ import annotations

from dataclasses import replace

import polars as pl

from autopilot_analysis.fleet.explanation.answer.found import look_through


def test_a_fleet_is_looked_through_once_for_all_parts_of_its_answer(fleet):
    found = look_through(fleet)
    assert set(found.explained) == {"failed", "slow"}
    assert found.stands_out
    assert found.kinds == []  # a group stands out before them
    assert found.one is None
    assert found.newest is found.newest


def test_where_nothing_stands_out_the_frequent_kinds_are_told(fleet):
    failed = fleet.deployments.filter(code="0x87D1041C", outcome="failed").head(5)
    found = look_through(replace(fleet, deployments=failed))
    assert not found.stands_out
    assert [kind["code"] for kind in found.kinds] == ["0x87D1041C"]


def test_one_attempt_alone_is_told_by_itself(fleet):
    one = fleet.deployments.filter(pl.col("outcome").cast(pl.String) == "failed").head(1)
    found = look_through(replace(fleet, deployments=one))
    assert found.one is not None
    assert found.one["device"] == one["device"][0]
