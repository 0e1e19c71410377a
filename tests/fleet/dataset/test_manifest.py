import json

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.manifest import (
    SCHEMA_VERSION,
    Layout,
    Marker,
    create_dataset,
    is_dataset,
    log_line,
    read_folders,
    write_beside,
)


def test_the_manifest_says_what_was_read_and_stands_beside_the_tables_it_counts(undisturbed):
    entries = list(read_folders(Layout(undisturbed)))
    assert len(entries) == 10
    for entry in entries:
        folder = Layout(undisturbed).export(entry.export)
        files = {path.stem for path in folder.glob("*.parquet")}
        assert files == {table for table, rows in entry.tables.items() if rows}
        assert entry.schema_version == SCHEMA_VERSION
        assert entry.bytes > 0


def test_a_dataset_of_a_newer_version_is_refused_in_one_line(tmp_path):
    root = tmp_path / "dataset"
    create_dataset(root, "autopilot-analysis 0.0.1")
    version = SCHEMA_VERSION + 1
    said = {"schema_version": version, "made_by": "autopilot-analysis 0.0.1"}
    Layout(root).marker.write_text(json.dumps(said))
    for use in (lambda: open_dataset(root), lambda: ingest([], into=root)):
        with pytest.raises(BadInput) as caught:
            use()
        assert f"tables of version {version}, written by autopilot-analysis 0.0.1" in str(caught.value)
        assert str(caught.value).endswith("update this package")
        assert "\n" not in str(caught.value)


def test_a_dataset_of_an_older_version_opens(tmp_path):
    root = tmp_path / "dataset"
    create_dataset(root, "autopilot-analysis 0.0.1")
    said = {"schema_version": SCHEMA_VERSION - 1, "made_by": "autopilot-analysis 0.0.1"}
    Layout(root).marker.write_text(json.dumps(said))
    assert open_dataset(root).entries == []


def test_a_folder_that_is_no_dataset_says_how_to_make_one(tmp_path):
    assert not is_dataset(tmp_path)
    with pytest.raises(BadInput, match=r"has no dataset\.json; make one with ingest"):
        open_dataset(tmp_path)


def test_a_manifest_that_a_crash_cut_counts_as_not_there(tmp_path):
    layout = create_dataset(tmp_path / "dataset", "test")
    folder = layout.export("ab" * 32)
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"export": "abab')
    assert list(read_folders(layout)) == []


def test_a_file_written_beside_replaces_the_old_one_and_leaves_no_other(tmp_path):
    for version in (1, 2):
        write_beside(tmp_path / "a.json", Marker(schema_version=version, made_by="x"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert json.loads((tmp_path / "a.json").read_text())["schema_version"] == 2


def test_a_hostile_name_stays_one_line_of_the_log(tmp_path):
    layout = Layout(tmp_path)
    log_line(layout, "run", {"place": "a\nstatus=ingested\x1b[2J\udcff"})
    assert len(layout.log.read_text().splitlines()) == 1
    assert "\x1b" not in layout.log.read_text()
