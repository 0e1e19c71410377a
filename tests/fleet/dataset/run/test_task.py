"""One export read and put into a dataset, or set aside with its reason."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.export import Limits
from autopilot_analysis.fleet import ingest, open_dataset
from autopilot_analysis.fleet.dataset.inputs import Input
from autopilot_analysis.fleet.dataset.run.task import Task, set_aside_file, set_aside_killed
from autopilot_analysis.samples import write_sample


@pytest.fixture
def task(tmp_path):
    root = tmp_path / "dataset"
    export = tmp_path / "device.cab"
    write_sample(export, "user_driven_success", device=1)
    ingest(export, into=root, workers=1)
    return Task(0, Input(str(export)), str(root), "run", Limits())


def test_every_row_carries_the_hash_of_its_export_and_enums_are_text(task):
    (folder,) = [f.parent for f in (open_dataset(task.root).path / "exports").rglob("manifest.json")]
    installs = pl.read_parquet(folder / "attempts.parquet")
    assert installs["export"].unique().to_list() == [folder.name]
    assert installs.schema["outcome"] == pl.String


def test_an_export_whose_reader_was_killed_is_set_aside_by_its_place(task):
    outcome = set_aside_killed(task)
    assert (outcome.status, outcome.export) == ("set_aside", None)
    assert "was killed" in outcome.reason
    assert "was killed" in set_aside_file(task, None).read_text()


def test_what_was_hashed_is_set_aside_under_its_hash_whatever_its_place(task):
    assert set_aside_file(task, "abc").name == "abc.json"
    assert set_aside_file(task, None).name.startswith("place-")
