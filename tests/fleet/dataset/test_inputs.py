import shutil

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.ingest import ingest
from autopilot_analysis.fleet.dataset.inputs import list_inputs
from autopilot_analysis.samples import write_sample


def names(listed):
    return [found.name for found in listed.inputs]


def test_each_archive_and_folder_of_a_pile_is_an_export_and_notes_are_counted(tmp_path):
    write_sample(tmp_path / "one.cab")
    write_sample(tmp_path / "site" / "two.zip", layout="diaglogs_flattened", device=2)
    (tmp_path / "notes.txt").write_text("see ticket 7")
    listed = list_inputs(tmp_path)
    assert names(listed) == ["one.cab", "two.zip"]
    assert [path.rpartition("/")[2] for path in listed.ignored] == ["notes.txt"]


@pytest.mark.parametrize("layout", ["diaglogs_flattened", "diaglogs_numbered"])
def test_an_unpacked_collection_is_one_export(tmp_path, layout):
    write_sample(tmp_path / "a.zip", layout=layout)
    shutil.unpack_archive(tmp_path / "a.zip", tmp_path / "pile" / "DiagLogs-1")
    shutil.unpack_archive(tmp_path / "a.zip", tmp_path / "pile" / "DiagLogs-2")
    assert names(list_inputs(tmp_path / "pile" / "DiagLogs-1")) == ["DiagLogs-1"]
    assert names(list_inputs(tmp_path / "pile")) == ["DiagLogs-1", "DiagLogs-2"]


def test_the_files_of_one_device_are_one_export_and_fleet_exports_one_each(tmp_path):
    device, fleet = tmp_path / "device", tmp_path / "fleet"
    device.mkdir()
    fleet.mkdir()
    (device / "dsregcmd.txt").write_text("+--\n| Device State |\n+--\n  AzureAdJoined : YES\n")
    (device / "setupact.log").write_text("2026-03-02 08:00:00, Info  OOBE  begins\n")
    for page in ("page-1.json", "page-2.json"):
        (fleet / page).write_text('{"value": [{"deviceSerialNumber": "SN-0001"}]}')
    assert names(list_inputs(device)) == ["device"]
    assert names(list_inputs(fleet)) == ["page-1.json", "page-2.json"]


def test_globs_lists_and_repeats_give_each_place_once(tmp_path):
    for name in ("a.cab", "b.cab"):
        (tmp_path / name).touch()
    assert names(list_inputs(tmp_path / "*.cab")) == ["a.cab", "b.cab"]
    assert names(list_inputs([tmp_path / "b.cab", tmp_path / "*.cab"])) == ["b.cab", "a.cab"]
    with pytest.raises(BadInput, match=r"nothing matches .*\.zip"):
        list_inputs(tmp_path / "*.zip")


def test_a_folder_with_nothing_known_is_passed_on_so_that_it_is_said_to_be_none(tmp_path):
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "beach.bin").write_bytes(b"\0\1\2")
    assert names(list_inputs(tmp_path / "holiday")) == ["holiday"]


def test_a_dataset_inside_the_pile_is_passed_over(tmp_path):
    write_sample(tmp_path / "one.cab")
    ingest(tmp_path, into=tmp_path / "dataset")
    assert names(list_inputs(tmp_path)) == ["one.cab"]


def test_an_export_behind_a_url_is_fetched_and_known_again(tmp_path):
    pytest.importorskip("fsspec", reason="fsspec is not installed")
    write_sample(tmp_path / "store" / "one.cab")
    write_sample(tmp_path / "store" / "two.cab", device=2)
    url = (tmp_path / "store").as_uri()
    assert ingest(f"{url}/*.cab", into=tmp_path / "dataset").ingested == 2
    assert ingest(url, into=tmp_path / "dataset").already == 2
    assert ingest(tmp_path / "store", into=tmp_path / "dataset").already == 2
    assert open_dataset(tmp_path / "dataset").exports["name"].sort().to_list() == ["one.cab", "two.cab"]


def test_a_url_nobody_can_open_is_one_clear_line(tmp_path):
    with pytest.raises(BadInput) as caught:
        ingest("nowhere://bucket/one.cab", into=tmp_path / "dataset")
    assert "\n" not in str(caught.value)
