"""Samples are the same for the same seed, come in every layout, and overwrite nothing of anyone else's."""

import hashlib
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, NothingToWrite, UnknownName
from autopilot_analysis.samples import INCIDENTS, LAYOUTS, Truth, write_sample, write_samples

DIAGLOGS = ["diaglogs_flattened", "diaglogs_numbered"]


def digest(folder):
    files = sorted(
        path for path in Path(folder).rglob("*") if path.is_file() and path.name != "truth.parquet"
    )
    return [(str(p.relative_to(folder)), hashlib.sha256(p.read_bytes()).hexdigest()) for p in files]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_seed_gives_the_same_bytes_in_every_layout(layout, tmp_path):
    one = write_sample(tmp_path / "one", layout=layout, seed=4)
    other = write_sample(tmp_path / "other", layout=layout, seed=4)
    assert digest(tmp_path / "one") == digest(tmp_path / "other")
    assert one.stages == other.stages
    assert write_sample(tmp_path / "third", layout=layout, seed=5).stages != one.stages


def test_a_path_that_ends_in_cab_is_the_export_itself(tmp_path):
    sample = write_sample(tmp_path / "mine.cab")
    assert sample.path == tmp_path / "mine.cab"
    assert sample.path.read_bytes()[:4] == b"MSCF"


@pytest.mark.parametrize("layout", DIAGLOGS)
def test_a_diagnostic_archive_lists_its_directives_and_nests_the_cabinet(layout, tmp_path):
    with ZipFile(write_sample(tmp_path, layout=layout).path) as archive:
        names = archive.namelist()
    assert names[0] == "results.xml"
    cabinet = next(name for name in names if name.endswith(".cab"))
    assert cabinet.startswith(
        "(8) FoldersFiles temp_MDMDiagnostics" if layout.endswith("flattened") else "8/mdmlogs-"
    )
    assert any(name.endswith("Events.evtx") for name in names)


def test_a_folder_holds_logs_under_the_names_windows_gives_them(tmp_path):
    path = write_sample(tmp_path, layout="folder").path
    assert (path / "winevt" / "System.evtx").is_file()
    assert (path / "winevt" / "Microsoft-Windows-NetworkProfile%4Operational.evtx").is_file()
    assert (path / "IntuneManagementExtension" / "Logs" / "AppWorkload.log").is_file()


def test_an_export_that_is_already_there_is_not_overwritten(tmp_path):
    first = write_sample(tmp_path).path
    before = first.read_bytes()
    with pytest.raises(NothingToWrite, match="already there"):
        write_sample(tmp_path)
    assert first.read_bytes() == before


@pytest.mark.parametrize("wrong", [{"scenario": "user_driven_sucess"}, {"layout": "cabinet"}])
def test_an_unknown_name_is_told_with_the_names_that_exist(wrong, tmp_path):
    with pytest.raises(UnknownName, match=r"did you mean|known"):
        write_sample(tmp_path, **wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_fleet_stands_beside_its_truth(tmp_path):
    written = write_samples(tmp_path / "fleet", devices=12, seed=2)
    truth = Truth.validate(pl.read_parquet(tmp_path / "fleet" / "truth.parquet"), cast=True)
    assert truth["device"].n_unique() == 12
    assert all((tmp_path / "fleet" / name).is_file() for name in truth["export"].unique())
    assert {sample.path.name for sample in written} == set(truth["export"])
    assert truth["incident"].null_count() == truth.height


def test_an_incident_hits_devices_of_its_group_from_its_day_on(tmp_path):
    written = write_samples(tmp_path / "fleet", devices=60, incident="enrollment_blocked", seed=1)
    hit = [n for n, sample in enumerate(written, start=1) if sample.incident]
    assert 3 <= len(hit) <= 20
    assert min(hit) >= 60 * INCIDENTS["enrollment_blocked"].from_day // 56
    assert {written[n - 1].scenario for n in hit} == {"mdm_enrollment_refused"}


def test_a_fleet_replaces_only_what_it_wrote_itself(tmp_path):
    write_samples(tmp_path, devices=3)
    write_samples(tmp_path, devices=2)
    assert len(list(tmp_path.glob("*.cab"))) == 2
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(NothingToWrite, match=r"mine\.txt"):
        write_samples(tmp_path, devices=2)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_folder_of_someone_else_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(NothingToWrite, match=r"notes\.txt"):
        write_samples(tmp_path, devices=1)


@pytest.mark.parametrize(
    ("asked", "error"), [({"devices": 0}, BadInput), ({"devices": 1, "incident": "x"}, UnknownName)]
)
def test_a_fleet_that_cannot_be_is_refused_before_anything_is_written(asked, error, tmp_path):
    with pytest.raises(error):
        write_samples(tmp_path / "fleet", **asked)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_sample_is_named_as_it_was_given(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NothingToWrite, match=r"file takes no file|file could not be written"):
        write_samples(tmp_path / "file" / "s", devices=1)
