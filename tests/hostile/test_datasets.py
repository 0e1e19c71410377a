"""A dataset folder somebody else wrote: damaged, of other types, full of lies, or leading elsewhere."""

import json
import os
import shutil

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hostile_inputs import ROOT

from autopilot_analysis import cli
from autopilot_analysis.errors import AnalysisError, BadInput
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.fleet.dataset import manifest
from autopilot_analysis.fleet.dataset.compact import compact
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.manifest import LOG, PACKS, SET_ASIDE, WORK

EXPORTS = [ROOT / "data" / name for name in ("clock-step.cab", "esp-app-timeout.zip")]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    root = tmp_path_factory.mktemp("sound") / "dataset"
    ingest(EXPORTS, into=root, workers=1)
    return root


@pytest.fixture
def dataset(sound, tmp_path):
    """A copy of a sound dataset, to be spoilt."""
    return shutil.copytree(sound, tmp_path / "dataset")


@pytest.fixture
def victim(tmp_path):
    """A folder of the analyst's that no dataset may touch."""
    folder = tmp_path / "victim"
    (folder / "kept").mkdir(parents=True)
    for name in ("kept/a.parquet", "b.parquet", "note.txt"):
        (folder / name).write_text("mine")
    return folder


def held(folder):
    return {str(path): path.read_text() for path in folder.rglob("*") if path.is_file()}


def one(dataset, table):
    return min(dataset.glob(f"exports/*/*/{table}.parquet"))


def rewritten(table, change):
    def spoil(dataset):
        change(pl.read_parquet(one(dataset, table))).write_parquet(one(dataset, table))

    return spoil


def replaced(content):
    return lambda dataset: one(dataset, "events").write_bytes(content(one(dataset, "events").read_bytes()))


def _a_folder(dataset):
    path = one(dataset, "events")
    path.unlink()
    path.mkdir()


DAMAGED = {
    "another type": rewritten("events", lambda f: f.with_columns(pl.lit("x").alias("event_id"))),
    "no keys": rewritten("events", lambda f: f.with_columns(pl.lit(None, pl.String).alias("device"))),
    "no columns": rewritten("events", lambda f: f.select("export", "device")),
    "no export": rewritten("events", lambda f: f.drop("export")),
    "rows twice": rewritten("events", lambda f: pl.concat([f, f])),
    "no rows": rewritten("events", lambda f: f.head(0)),
    "an unknown outcome": rewritten("attempts", lambda f: f.with_columns(pl.lit("blown").alias("outcome"))),
    "cut": replaced(lambda content: content[:200]),
    "empty": replaced(lambda _: b""),
    "noise": replaced(lambda _: b"PAR1" + bytes(range(256)) + b"PAR1"),
    "flipped": replaced(
        lambda content: content[:60] + bytes(b ^ 255 for b in content[60:200]) + content[200:]
    ),
    "gone": lambda dataset: one(dataset, "events").unlink(),
    "a folder": _a_folder,
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_table_is_one_line_that_names_the_file(dataset, tmp_path, capsys, damage):
    DAMAGED[damage](dataset)
    table = "attempts" if damage == "an unknown outcome" else "events"
    told = open_dataset(dataset)
    with pytest.raises(BadInput, match=rf"{table}\.parquet is damaged, or not as ingest wrote it .*ingest"):
        told.collect(table)
    for verb in (["findings", dataset], ["tables", dataset, "--out", tmp_path / "out"]):
        status = cli.main([str(word) for word in verb])
        said = capsys.readouterr().err
        assert "Traceback" not in said
        assert (status, said.count("\n")) == (2, 1), said
        assert f"{table}.parquet is damaged" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("damage", ["another type", "cut", "an unknown outcome"])
def test_a_damaged_table_is_not_merged_and_nothing_of_it_goes(dataset, capsys, damage):
    DAMAGED[damage](dataset)
    before = sorted(dataset.rglob("*.parquet"))
    assert cli.main(["ingest", "--into", str(dataset), "--compact"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert sorted(dataset.rglob("*.parquet")) == before


@pytest.mark.parametrize("content", ['{"export":', "[" * 100_000, "", "null"])
def test_an_export_whose_manifest_is_cut_is_a_gap_and_the_rest_is_read(dataset, content):
    folder = one(dataset, "events").parent
    (folder / "manifest.json").write_text(content)
    told = open_dataset(dataset).tables()
    assert told.devices.height == 1
    assert any("its manifest is cut or gone" in reason for reason in told.gaps["reason"])
    assert open_dataset(dataset).scan("gaps").filter(pl.col("export") == folder.name).collect().height == 1


def test_an_export_whose_manifest_is_cut_is_ingested_anew_by_a_repeat(dataset):
    (one(dataset, "events").parent / "manifest.json").write_text("")
    ingest(EXPORTS, into=dataset, workers=1)
    assert open_dataset(dataset).tables().devices.height == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_a_link_in_place_of_a_manifest_is_not_waited_for(dataset):
    first, second = (
        path.parent / "manifest.json" for path in sorted(dataset.glob("exports/*/*/events.parquet"))
    )
    second.unlink()
    os.mkfifo(second)
    first.rename(dataset.parent / "elsewhere.json")
    first.symlink_to(dataset.parent / "elsewhere.json")
    assert open_dataset(dataset).exports.is_empty()


@pytest.mark.parametrize(
    "name", [WORK, manifest.EXPORTS, PACKS, SET_ASIDE, LOG, f"{manifest.EXPORTS}/ab", f"{PACKS}/x"]
)
def test_a_dataset_that_holds_a_link_is_refused_and_nothing_elsewhere_is_touched(
    dataset, victim, capsys, name
):
    place = dataset / name
    place.parent.mkdir(exist_ok=True)
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.symlink_to(victim / "note.txt" if name == LOG else victim)
    before = held(victim)
    for verb in (
        [
            "ingest",
            str(ROOT / "data" / "mdm-enrollment-refused.cab"),
            "--into",
            str(dataset),
            "--workers",
            "1",
        ],
        ["ingest", "--into", str(dataset), "--compact"],
        ["findings", str(dataset)],
    ):
        assert cli.main(verb) == 2
        assert "is a link, and a dataset holds none" in capsys.readouterr().err
    assert held(victim) == before


@pytest.mark.parametrize("what", ["pack", "export"])
@pytest.mark.parametrize("lead", ["absolute", "relative"])
def test_a_pack_that_names_a_place_elsewhere_is_refused_and_nothing_there_goes(dataset, victim, what, lead):
    compact(dataset)
    (path,) = dataset.glob("packs/*/manifest.json")
    told = json.loads(path.read_text())
    elsewhere = str(victim / "kept") if lead == "absolute" else "../../victim/kept"
    if what == "pack":
        told["pack"] = elsewhere
    else:
        told["exports"][0]["export"] = elsewhere if lead == "absolute" else f"../{elsewhere}"
    told["seal"] = ""  # as who means harm would
    path.write_text(json.dumps(told))
    before = held(victim)
    for use in (open_dataset, compact, lambda root: ingest(EXPORTS, into=root, workers=1)):
        with pytest.raises(BadInput, match="does not tell of its own folder"):
            use(dataset)
    assert held(victim) == before


def test_the_folder_of_an_export_that_leads_elsewhere_loses_nothing_there(dataset, victim):
    """A merge removes the tables it merged: not those a link leads to."""
    folder = one(dataset, "events").parent
    moved = folder.rename(victim / "moved")
    folder.symlink_to(moved)
    before = sorted(victim.rglob("*"))
    compact(dataset)
    assert sorted(victim.rglob("*")) == before


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"schema_version": "1", "made_by": "x"}',
        "[" * 100_000,
        '{"schema_version":1e999,"made_by":""}',
    ],
)
def test_a_marker_that_says_nothing_is_one_line(dataset, capsys, content):
    (dataset / "dataset.json").write_text(content)
    assert is_dataset(dataset)
    for verb in (["findings", str(dataset)], ["explain", str(dataset)], ["report", str(dataset)]):
        assert cli.main(verb) == 2
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("rows", [-5, 10**12])
def test_a_manifest_that_counts_other_rows_is_found_out(dataset, rows):
    path = one(dataset, "events").parent / "manifest.json"
    told = json.loads(path.read_text())
    told["tables"]["events"], told["seal"] = rows, ""
    path.write_text(json.dumps(told))
    with pytest.raises(AnalysisError, match="damaged, or not as ingest wrote it"):
        open_dataset(dataset).tables()


def test_a_text_that_a_hundred_thousand_rows_share_is_refused(dataset, capsys):
    """22 KB: one text of 16 MB in a dictionary, to which every row points. Nothing could ever read through it."""
    path = one(dataset, "log_lines")
    row, count = pl.read_parquet(path).head(1).to_arrow(), 100_000
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array(["x" * (16 << 20)]))
    columns = {
        name: shared
        if name == "message"
        else pa.array(row[name].to_pylist() * count, row.schema.field(name).type)
        for name in row.schema.names
    }
    pq.write_table(pa.table(columns), path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 100_000
    told = json.loads((path.parent / "manifest.json").read_text())
    told["tables"]["log_lines"], told["seal"] = count, ""
    (path.parent / "manifest.json").write_text(json.dumps(told))
    for verb in (["findings", str(dataset)], ["tables", str(dataset), "--out", str(dataset.parent / "out")]):
        assert cli.main(verb) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "times larger" in said
