import shutil

import polars as pl
import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.errors import UnknownName
from autopilot_analysis.fleet.dataset import manifest as manifest_module
from autopilot_analysis.fleet.dataset.compact import compact
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.manifest import Layout
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import SCHEMAS


def test_tables_trace_and_findings_of_a_device_are_those_of_its_export(captures, undisturbed):
    path = sorted(captures.glob("*.cab"))[2]
    tables = read_tables(open_export(path))
    trace = build_trace(tables)
    dataset = open_dataset(undisturbed)
    device = tables.devices["device"][0]
    for name in (device, device.lower(), tables.devices["name"][0]):
        assert dataset.tables(name).events.equals(tables.events)
        assert dataset.trace(name).stage_runs.equals(trace.stage_runs)
        assert dataset.findings(name).findings.equals(find(tables, trace).findings)


def test_every_table_has_the_columns_of_its_schema_and_the_export(undisturbed):
    dataset = open_dataset(undisturbed)
    for table, schema in SCHEMAS.items():
        lazy = dataset.scan(table)
        assert isinstance(lazy, pl.LazyFrame)
        assert lazy.collect_schema() == {"export": pl.String(), **schema.create_empty().schema}
    assert dataset.events.select(pl.col("device").n_unique()).collect().item() == 10


def test_only_the_files_of_the_chosen_device_are_read(undisturbed, tmp_path):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    dataset = open_dataset(root)
    whole = dataset.tables("SN-0003")
    for entry in dataset.entries:
        if entry.devices != ["SN-0003"]:
            for name in ("events", "log_lines", "registry_values"):
                (Layout(root).export(entry.export) / f"{name}.parquet").write_bytes(b"damaged")
    assert dataset.tables("SN-0003").events.equals(whole.events)


def test_a_scan_opens_one_tables_files_and_reads_the_columns_asked_for(undisturbed, tmp_path):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    whole = open_dataset(undisturbed).scan("findings").select("device", "rule").collect()
    for file in root.glob("exports/*/*/*.parquet"):
        if file.stem != "findings":
            file.write_bytes(b"damaged")
    asked = open_dataset(root).scan("findings").select("device", "rule")
    assert asked.collect().equals(whole)
    plan = asked.explain()
    assert "PROJECT 2/" in plan, plan
    assert "findings.parquet" in plan


def test_a_packed_export_costs_no_manifest_of_its_own(undisturbed, tmp_path, monkeypatch):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    compact(root)
    opened = []
    real = manifest_module.read_written
    monkeypatch.setattr(
        manifest_module, "read_written", lambda path, kind: opened.append(path) or real(path, kind)
    )
    assert open_dataset(root).exports.height == 10
    assert [path.parent.parent.name for path in opened if path.name == "manifest.json"] == ["packs"]


def test_an_unknown_device_or_table_names_the_near_ones(undisturbed):
    dataset = open_dataset(undisturbed)
    with pytest.raises(UnknownName, match="did you mean SN-0003"):
        dataset.tables("SN-0033")
    with pytest.raises(UnknownName, match="did you mean events"):
        dataset.scan("event")
    with pytest.raises(AttributeError, match="no 'event'"):
        _ = dataset.event


def test_the_exports_say_what_was_ingested(undisturbed):
    exports = open_dataset(undisturbed).exports
    assert exports.height == 10
    assert exports["devices"].list.len().to_list() == [1] * 10
    assert (exports["rows"] > 100).all()
    assert repr(open_dataset(undisturbed)) == "<Dataset dataset: 10 exports, 10 devices>"


def test_an_empty_dataset_has_every_table_with_no_rows(tmp_path):
    ingest([], into=tmp_path / "dataset")
    dataset = open_dataset(tmp_path / "dataset")
    assert [dataset.scan(table).collect().height for table in SCHEMAS] == [0] * len(SCHEMAS)
    assert dataset.reconciled().is_empty()
    assert dataset.tables().devices.is_empty()


def test_deployments_are_lazy_and_pandas_gets_them_too(undisturbed):
    dataset = open_dataset(undisturbed)
    deployments = dataset.deployments.collect()
    assert deployments["device"].n_unique() >= 8
    assert set(deployments["origin"]) == {"capture"}
    assert list(dataset.to_pandas().columns) == deployments.columns


def test_two_captures_of_one_device_complete_each_other_and_count_its_attempt_once(tmp_path):
    pile = tmp_path / "pile"
    write_sample(pile / "first.cab", "user_driven_success")
    write_sample(pile / "second.zip", "user_driven_success", layout="diaglogs_flattened")
    ingest(pile, into=tmp_path / "dataset")
    dataset = open_dataset(tmp_path / "dataset")
    assert dataset.exports.height == 2
    assert dataset.tables("SN-0001").devices.height == 1
    coverage = dataset.tables("SN-0001").coverage
    assert coverage.select("device", "source").is_unique().all()
    assert dataset.deployments.collect().height == 2
    assert dataset.reconciled().height == 1


def test_a_column_that_came_later_is_null_in_older_files(undisturbed, tmp_path):
    root = tmp_path / "dataset"
    shutil.copytree(undisturbed, root)
    for file in root.glob("exports/*/*/deployments.parquet"):
        pl.read_parquet(file).drop("flags").write_parquet(file)
    assert open_dataset(root).deployments.collect()["flags"].null_count() > 0
