"""The fleet that ships with the project is what this code writes, and holds what its truth says."""

import json
import zlib
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.samples.fleet.data import DEPLOYMENTS, fleet_files, write_fleet_data

DATA = Path(__file__).parents[3] / "data"
FLEET = DATA / "fleet"


def test_the_shipped_fleet_is_rebuilt_byte_for_byte(tmp_path):
    write_fleet_data(tmp_path / "fleet")
    assert sorted(path.name for path in FLEET.iterdir()) == sorted(fleet_files()[0])
    for path in (tmp_path / "fleet").iterdir():
        if path.suffix == ".zip" and hasattr(zlib, "ZLIBNG_VERSION"):
            pytest.skip("zlib-ng packs the same content into other bytes")
        assert path.read_bytes() == (FLEET / path.name).read_bytes(), path.name
    assert (tmp_path / "fleet-truth.json").read_bytes() == (DATA / "fleet-truth.json").read_bytes()


def test_the_shipped_fleet_is_small():
    assert sum(path.stat().st_size for path in FLEET.iterdir()) < 400_000


def test_the_shipped_fleet_is_read_whole_and_tells_each_attempt_once(shipped_fleet):
    assert shipped_fleet.gaps.is_empty()
    assert shipped_fleet.deployments.height == DEPLOYMENTS
    assert shipped_fleet.deployments["model"].null_count() == 0
    assert shipped_fleet.origins["origin"].to_list() == ["graph"]


def test_what_was_planted_is_what_is_found_beside_its_cause(shipped_fleet):
    truth = json.loads((DATA / "fleet-truth.json").read_text())
    found = explain(shipped_fleet.deployments, candidates=shipped_fleet.candidates)
    assert json.loads(found.contrasts["where"][0]) == truth["where"]
    first = found.changes.row(0, named=True)
    assert json.loads(first["where"]) == truth["where"]
    assert abs(first["at"] - datetime.fromisoformat(truth["at"])).days <= 2
    assert first["candidate"] == f"Patch WindowsAutopilotDeploymentProfile: {truth['where']['profile']}"


def test_the_audit_log_names_what_was_changed(shipped_fleet):
    candidates = shipped_fleet.candidates
    assert candidates.height == 8
    assert candidates.filter(pl.col("what").str.starts_with("Patch WindowsAutopilot")).height == 1
