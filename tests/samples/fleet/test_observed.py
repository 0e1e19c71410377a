"""Captures and Graph pages of the same devices stand beside each other, and what met is what was one."""

import polars as pl
import pytest

from autopilot_analysis.export import open_export
from autopilot_analysis.fleet import load_deployments
from autopilot_analysis.fleet.deployments.build import build_deployments
from autopilot_analysis.fleet.deployments.reconcile import reconcile_deployments
from autopilot_analysis.readers import read_tables
from autopilot_analysis.samples import write_samples
from autopilot_analysis.samples.fleet.files import PAGES
from autopilot_analysis.samples.fleet.observed import DeploymentTruth
from autopilot_analysis.trace import build_trace


def beside(folder, **asked):
    """Return reconciled rows of a sample fleet, and its truth."""
    write_samples(folder, graph=True, **asked)
    with open_export(folder) as export:
        tables = read_tables(export)
    told = reconcile_deployments(build_deployments(tables, build_trace(tables)))
    truth = DeploymentTruth.validate(pl.read_parquet(folder / "truth-deployments.parquet"), cast=True)
    return told, truth


@pytest.mark.parametrize(
    "asked",
    [
        {"devices": 12, "seed": 7},
        {"devices": 5, "seed": 1, "incident": "mdm_enrollment_refused"},
        {"devices": 3, "seed": 1, "incident": "blank_profile_then_reboot"},
    ],
)
def test_the_attempts_that_stand_once_reconciled_are_those_that_were(asked, tmp_path):
    told, truth = beside(tmp_path / "fleet", **asked)
    counts = told.filter("believed").group_by("device").len().sort("device")
    assert counts.rows() == truth.group_by("device").len().sort("device").rows()
    assert told["same"].n_unique() == truth.height
    assert (told["origin"] == "graph").sum() == truth["deployment"].count() > 0
    outcomes = told.filter("believed").group_by(pl.col("outcome").cast(pl.String)).len().sort("outcome")
    assert outcomes.rows() == truth.group_by("outcome").len().sort("outcome").rows()


def test_each_row_of_graph_meets_the_very_attempt_it_tells_of(tmp_path):
    told, truth = beside(tmp_path / "fleet", devices=5, seed=1, incident="mdm_enrollment_refused")
    number = pl.col("deployment").str.extract(r"/(\d+)$").alias("attempt")
    sides = [
        told.filter(pl.col("origin") == origin).select("same", number) for origin in ("graph", "capture")
    ]
    met = sides[0].join(sides[1], on=["same", "attempt"])
    assert met.height == truth["deployment"].count() == 20


def test_a_fleet_of_both_tells_each_attempt_once_with_what_only_graph_knows(tmp_path):
    write_samples(tmp_path / "fleet", devices=6, seed=3, graph=True)
    truth = pl.read_parquet(tmp_path / "fleet" / "truth-deployments.parquet")
    deployments = load_deployments(tmp_path / "fleet").deployments
    assert deployments.height == truth.height
    assert set(deployments["origin"].cast(pl.String)) == {"capture"}
    seen = deployments.join(truth.drop_nulls("deployment").select("device"), on="device", how="semi")
    assert seen["user"].null_count() == 0


def test_without_being_asked_nothing_is_written_beside_the_captures(tmp_path):
    write_samples(tmp_path, devices=2)
    assert not (tmp_path / PAGES).exists()
    write_samples(tmp_path, devices=2, graph=True)
    write_samples(tmp_path, devices=2)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".cab", ".cab", ".parquet"]
