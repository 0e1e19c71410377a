from __future__ import annotations

import shutil

import msgspec
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis import load_story
from autopilot_analysis.fleet.dataset import dataset as dataset_module
from autopilot_analysis.fleet.dataset import story
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.manifest import Layout, write_beside


def refuse(*_, **__):
    raise AssertionError("what is stored was computed again")


@pytest.fixture
def shut(monkeypatch):
    """Let nothing be traced or searched."""
    for module in (story, dataset_module):
        monkeypatch.setattr(module, "build_trace", refuse)
        monkeypatch.setattr(module, "find", refuse)


@pytest.fixture
def computed(undisturbed, monkeypatch):
    """Return the story of the dataset, made anew."""
    monkeypatch.setattr(dataset_module.Dataset, "is_current", lambda *_: False)
    made = load_story(undisturbed)
    monkeypatch.undo()
    return made


def test_what_ingest_stored_is_what_would_be_computed(undisturbed, computed, shut):
    stored = load_story(undisturbed)
    columns = [name for name in stored.findings.findings.columns if name != "id"]
    assert_frame_equal(
        stored.findings.findings.select(columns), computed.findings.findings.select(columns),
        check_row_order=False,
    )  # fmt: skip
    for name, frame in stored.trace.frames().items():
        assert_frame_equal(frame, computed.trace.frames()[name], check_row_order=False)
    assert stored.tables.gaps.height == computed.tables.gaps.height


def test_stored_findings_are_counted_through_and_their_evidence_follows(undisturbed, shut):
    found = load_story(undisturbed).findings
    assert found.findings["id"].to_list() == list(range(1, found.findings.height + 1))
    told = found.evidence.join(found.findings, left_on="finding", right_on="id", suffix="_of_finding")
    assert told.height == found.evidence.height > 0
    assert (told["device"] == told["device_of_finding"]).all()
    assert (told["rule"] == told["rule_of_finding"]).all()
    loud = found.findings["severity"].cast(pl.String) != "info"
    assert loud.to_list() == sorted(loud, reverse=True)


def test_exports_that_another_version_read_are_told_anew(undisturbed, tmp_path):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    dataset = open_dataset(root)
    older, *_ = dataset.entries
    manifest = Layout(root).export(older.export) / "manifest.json"
    write_beside(manifest, msgspec.structs.replace(older, package_version="0.0.1"))
    again = open_dataset(root)
    others = [device for entry in again.entries[1:] for device in entry.devices]
    assert dataset.is_current()
    assert not again.is_current()
    assert not again.is_current(older.devices)
    assert again.is_current(others)


def test_a_name_book_and_pseudonyms_are_put_in_before_anything_is_told(undisturbed, shut, tmp_path):
    book = tmp_path / "names.csv"
    book.write_text("id,name\n11111111-2222-3333-4444-555555555555,Portal\n")
    for asked in ({"names": book}, {"privacy": True}):
        with pytest.raises(AssertionError, match="computed again"):
            load_story(undisturbed, **asked)
