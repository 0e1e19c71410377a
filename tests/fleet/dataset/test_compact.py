"""Many small files merged into few: no row changes, and a reader counts none twice."""

import shutil
from zipfile import ZipFile

import polars as pl
import pytest
from pyarrow.parquet import ParquetFile

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.dataset import compact as compact_module
from autopilot_analysis.fleet.dataset.compact import compact
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.run.run_lock import lock
from autopilot_analysis.tables import SCHEMAS


def test_a_pack_skips_the_row_groups_of_other_devices(undisturbed, tmp_path, monkeypatch):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    monkeypatch.setattr(compact_module, "ROW_GROUP", 50)
    compact(root)
    (file,) = root.glob("packs/*/events.parquet")
    groups = ParquetFile(file).metadata
    column = groups.schema.names.index("device")
    spans = [groups.row_group(n).column(column).statistics for n in range(groups.num_row_groups)]
    held = [span.min <= "SN-0005" <= span.max for span in spans]
    assert 0 < sum(held) < len(held)
    assert "SELECTION" in open_dataset(root).scan("events").filter(pl.col("device") == "SN-0005").explain()


def test_merging_changes_no_row_and_leaves_few_files(undisturbed, same_tables, tmp_path):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    summary = compact(root)
    assert (summary.exports, summary.packs) == (10, 1)
    assert summary.files_after <= len(SCHEMAS) < summary.files_before
    same_tables(root, undisturbed)
    whole, merged = (open_dataset(place).tables("SN-0005") for place in (undisturbed, root))
    assert merged.events.equals(whole.events)
    assert compact(root).packs == 0


def test_what_is_in_a_pack_is_not_ingested_again_and_new_exports_join_the_next_pack(
    captures, same_tables, undisturbed, tmp_path
):
    root = tmp_path / "dataset"
    paths = sorted(captures.glob("*.cab"))
    ingest(paths[:2], into=root)
    compact(root)
    again = ingest(paths[:3], into=root)
    assert (again.ingested, again.already) == (1, 2)
    copy = tmp_path / "copy.cab"
    shutil.copy(paths[0], copy)
    assert ingest(copy, into=root).already == 1
    assert compact(root).exports == 3
    assert len(list((root / "packs").iterdir())) == 1
    assert open_dataset(root).exports.height == 3
    devices = open_dataset(root).exports.explode("devices")["devices"].sort().to_list()
    assert devices == ["SN-0001", "SN-0002", "SN-0003"]


def test_a_merge_that_stopped_before_the_old_files_went_counts_nothing_twice(
    undisturbed, same_tables, tmp_path
):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    compact(root)
    shutil.copytree(undisturbed / "exports", root / "exports", dirs_exist_ok=True)
    same_tables(root, undisturbed)


def test_only_one_call_merges_at_a_time(undisturbed, tmp_path):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    with (root / "work" / "compact.lock").open("ab") as file:
        assert lock(file)
        with pytest.raises(BadInput, match="being merged by another call"):
            compact(root)


def test_progress_counts_exports_up_to_all_of_them_and_names_the_table(undisturbed, tmp_path):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    steps = []
    compact(root, progress=lambda *step: steps.append(step))
    assert [done for done, *_ in steps] == sorted(done for done, *_ in steps)
    assert steps[-1][:2] == (10, 10)
    assert {name for *_, name in steps} == {file.stem for file in root.glob("packs/*/*.parquet")}


@pytest.mark.parametrize(("most", "packs"), [(10, 1), (9, 2), (4, 3)])
def test_a_pack_holds_so_many_exports_at_most(undisturbed, tmp_path, monkeypatch, most, packs):
    monkeypatch.setattr(compact_module, "EXPORTS", most)
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    assert compact(root).packs == packs
    assert len(list((root / "packs").iterdir())) == packs


class Stopped(Exception):
    """What ends a call between two packs."""


def test_a_merge_that_was_stopped_leaves_whole_packs_and_the_next_call_goes_on_behind_them(
    undisturbed, same_tables, tmp_path, monkeypatch
):
    monkeypatch.setattr(compact_module, "EXPORTS", 4)
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)

    def stop(done, *_):
        if done > 4:
            raise Stopped

    with pytest.raises(Stopped):
        compact(root, progress=stop)
    same_tables(root, undisturbed)
    (first,) = (root / "packs").iterdir()
    assert compact(root).exports == 6
    assert first.exists()
    same_tables(root, undisturbed)
    assert not list(root.glob("exports/*/*/*.parquet"))


@pytest.fixture
def little(tmp_path):
    """Seven exports that hold one hardware hash each: which are merged does not depend on what they hold."""
    paths = [tmp_path / f"{number}.zip" for number in range(7)]
    for path in paths:
        with ZipFile(path, "w") as archive:
            text = f"Device Serial Number,Windows Product ID,Hardware Hash\r\nSN-{path.stem},,\r\n"
            archive.writestr("DeviceHash_A.csv", text)
    return paths


@pytest.mark.parametrize(("exports", "again"), [(5, 5), (6, 0)])
def test_a_pack_of_half_the_exports_or_more_is_not_merged_anew(little, tmp_path, monkeypatch, exports, again):
    monkeypatch.setattr(compact_module, "EXPORTS", 12)
    root = tmp_path / "dataset"
    assert ingest(little[:exports], into=root, workers=1).ingested == exports
    compact(root)
    ingest(little[exports : exports + 1], into=root, workers=1)
    assert compact(root).exports == again + 1


def test_whole_exports_are_merged_without_comparing_rows_with_a_list_of_exports(undisturbed, tmp_path):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    every = [entry.export for entry in open_dataset(root).entries]
    assert "SELECTION" not in open_dataset(root).scan_exports("events", every[:2]).explain()
    compact(root)
    merged = open_dataset(root)
    assert "SELECTION" not in merged.scan_exports("events", every).explain()
    some = merged.scan_exports("events", every[:2])
    assert "SELECTION" in some.explain()
    assert some.collect()["export"].unique().sort().to_list() == every[:2]
