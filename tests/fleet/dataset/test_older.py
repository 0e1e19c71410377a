from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.fleet import ingest, open_dataset
from autopilot_analysis.fleet.dataset.compact import compact
from autopilot_analysis.fleet.dataset.older import table_shape

CAPTURE = Path(__file__).parents[3] / "data" / "mdm-enrollment-refused.cab"


@pytest.fixture(scope="module")
def read_once(tmp_path_factory):
    """A dataset of one export as this version writes it."""
    place = tmp_path_factory.mktemp("fleet") / "now"
    ingest(CAPTURE, into=place, workers=1)
    return place


@pytest.fixture
def older(read_once, tmp_path):
    """The same as an older version wrote it: without a table and two columns, one never null."""
    place = tmp_path / "before"
    shutil.copytree(read_once, place)
    (manifest,) = place.glob("exports/*/*/manifest.json")
    said = json.loads(manifest.read_text("utf-8"))
    del said["shape"], said["seal"], said["tables"]["tls_checks"]
    manifest.write_text(json.dumps(said), "utf-8")
    events = manifest.parent / "events.parquet"
    pl.read_parquet(events).drop("opcode").write_parquet(events)
    findings = manifest.parent / "findings.parquet"
    pl.read_parquet(findings).drop("meaning").write_parquet(findings)
    return place


def test_what_this_version_reads_is_not_older(read_once):
    fleet = open_dataset(read_once)
    assert fleet.older is None
    assert {entry.shape for entry in fleet.entries} == {table_shape()}


def test_an_older_dataset_opens_with_its_new_columns_empty_and_says_so_in_one_line(older, read_once):
    fleet, now = open_dataset(older), open_dataset(read_once)
    frames, then = fleet.collect("events", "findings", "gaps"), now.collect("events", "findings", "gaps")
    assert frames["events"]["opcode"].null_count() == then["events"].height
    assert frames["events"].drop("opcode").equals(then["events"].drop("opcode"))
    assert frames["findings"]["rule"].equals(then["findings"]["rule"])
    line = fleet.older or ""
    assert line.startswith("1 of 1 exports were read by version ")
    assert line.endswith("reading them again adds tls_checks, events.opcode, findings.meaning")
    assert frames["gaps"].height == then["gaps"].height + 1
    assert frames["gaps"].row(-1, named=True)["reason"] == line


def test_ingest_reads_again_what_is_there_and_nothing_is_missing_then(older, read_once):
    summary = ingest(CAPTURE, into=older, workers=1)
    assert (summary.ingested, summary.already) == (1, 0)
    fleet = open_dataset(older)
    assert fleet.older is None
    assert fleet.collect("events")["events"].equals(open_dataset(read_once).collect("events")["events"])
    assert ingest(CAPTURE, into=older, workers=1).already == 1


def test_an_older_export_in_a_pack_gives_way_to_what_was_read_again(older):
    compact(older)
    assert open_dataset(older).older is not None
    assert ingest(CAPTURE, into=older, workers=1).ingested == 1
    fleet = open_dataset(older)
    assert fleet.older is None
    assert len(fleet.entries) == 1
