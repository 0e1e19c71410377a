"""A manifest that somebody edited by hand: a gap or one clear line, never other numbers without a word."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autopilot_analysis.cli import main
from autopilot_analysis.fleet import ingest, open_dataset
from autopilot_analysis.fleet.dataset.compact import compact
from autopilot_analysis.fleet.dataset.manifest import SCHEMA_VERSION

DATA = Path(__file__).parents[3] / "data"
EXPORTS = [DATA / "clock-step.cab", DATA / "mdm-enrollment-refused.cab"]
OTHER = "ab" + "0" * 62


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    place = tmp_path_factory.mktemp("fleet") / "whole"
    ingest(EXPORTS, into=place, workers=1)
    return place


@pytest.fixture
def dataset(whole, tmp_path):
    """A copy of two exports' dataset, to be edited."""
    return shutil.copytree(whole, tmp_path / "dataset")


def first(dataset):
    return min(dataset.glob("exports/*/*/manifest.json"))


def edited(path, change):
    said = json.loads(path.read_text("utf-8"))
    change(said)
    path.write_text(json.dumps(said), "utf-8")


EDITS = {
    "another type": lambda said: said.update(devices="SN-0001"),
    "rows as text": lambda said: said["tables"].update(events="many"),
    "a field less": lambda said: said.pop("run"),
    "a table less": lambda said: said["tables"].pop("events"),
    "a table more": lambda said: said["tables"].update(nothing=7),
    "fewer rows": lambda said: said["tables"].update(events=1),
    "another device": lambda said: said.update(devices=["SN-OTHER"]),
    "another place": lambda said: said.update(place="/elsewhere/x.cab", name="../x"),
    "another hash": lambda said: said.update(export=OTHER),
    "another version": lambda said: said.update(package_version="99.0", shape="0"),
    "a newer version": lambda said: said.update(schema_version=SCHEMA_VERSION + 1),
    "a newer version, unsealed": lambda said: said.update(schema_version=SCHEMA_VERSION + 1, seal=""),
    "no gaps": lambda said: said.update(gaps=-1),
    "another seal": lambda said: said.update(seal="0" * 16),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_manifest_leaves_its_export_out_with_a_gap_and_the_rest_is_read(dataset, whole, edit):
    edited(first(dataset), EDITS[edit])
    fleet, then = open_dataset(dataset), open_dataset(whole)
    gaps = fleet.collect("gaps")["gaps"]
    left_out = gaps.filter(gaps["reason"].str.starts_with("its tables are left out: its manifest "))
    assert left_out["export"].to_list() == [first(dataset).parent.name]
    events = then.collect("events")["events"]
    kept = events.filter(events["export"] != first(dataset).parent.name)
    assert fleet.collect("events")["events"].equals(kept)


@pytest.mark.parametrize("edit", ["another type", "a table less", "another place", "another hash"])
def test_ingest_reads_an_edited_export_again(dataset, whole, edit):
    edited(first(dataset), EDITS[edit])
    run = ingest(EXPORTS, into=dataset, workers=1)
    assert (run.ingested, run.already) == (1, 1)
    events = [open_dataset(place).collect("events")["events"] for place in (dataset, whole)]
    assert events[0].equals(events[1])


@pytest.mark.parametrize("named", [False, True])
def test_a_copy_of_an_export_under_another_hash_is_counted_by_nobody(dataset, whole, named):
    copy = shutil.copytree(first(dataset).parent, dataset / "exports" / "ab" / OTHER)
    if named:
        edited(copy / "manifest.json", EDITS["another hash"])
    fleet = open_dataset(dataset)
    assert fleet.exports.height == 2
    assert fleet.collect("events")["events"].height == open_dataset(whole).collect("events")["events"].height
    assert OTHER in fleet.collect("gaps")["gaps"]["export"]


PACKED = {
    "cut": lambda path: path.write_text(path.read_text("utf-8")[:200], "utf-8"),
    "of other types": lambda path: edited(path, lambda said: said["exports"][0].update(devices=7)),
    "emptied": lambda path: edited(path, lambda said: said.update(exports=[])),
    "with an export less": lambda path: edited(path, lambda said: said["exports"].pop()),
    "with an export twice": lambda path: edited(path, lambda said: said["exports"].extend(said["exports"])),
    "that replaces itself": lambda path: edited(path, lambda said: said.update(replaces=[said["pack"]])),
    "with another device": lambda path: edited(path, lambda said: said["exports"][0].update(devices=[])),
    "of a newer version": lambda path: edited(
        path,
        lambda said: [said.update(seal=""), said["exports"][0].update(schema_version=SCHEMA_VERSION + 1)],
    ),
}


@pytest.mark.parametrize("edit", PACKED)
def test_an_edited_pack_is_one_line_that_names_its_manifest(dataset, capsys, edit):
    compact(dataset)
    (manifest,) = dataset.glob("packs/*/manifest.json")
    PACKED[edit](manifest)
    newer = edit == "of a newer version"
    for verb in (["findings", str(dataset)], ["ingest", str(EXPORTS[0]), "--into", str(dataset)]):
        assert main(verb) == 2
        words = capsys.readouterr().err
        assert words.count("\n") == 1
        assert f"{manifest} " in words
        assert ("update this package" if newer else "was edited since ingest wrote it") in words


def test_a_manifest_without_a_seal_is_that_of_an_older_version(dataset, whole):
    edited(first(dataset), lambda said: said.pop("seal"))
    assert open_dataset(dataset).exports.equals(open_dataset(whole).exports)
