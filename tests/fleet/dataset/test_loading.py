from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from autopilot_analysis.errors import NotAnExport, UnknownName
from autopilot_analysis.export import open_export
from autopilot_analysis.fleet import explain, ingest, load_deployments, measure_rates
from autopilot_analysis.fleet.dataset.story import load_story
from autopilot_analysis.samples.fleet.files import graph_pages, identity_pages, report_v1_csv
from autopilot_analysis.samples.fleet.fleet import simulate_fleet

DATA = Path(__file__).parents[3] / "data"
DEPLOYMENTS = simulate_fleet(120, seed=3)[0]


@pytest.fixture
def folder(tmp_path):
    """Pages of Graph, each a file."""
    place = tmp_path / "export"
    place.mkdir()
    for kind, pages in (("events", graph_pages(DEPLOYMENTS)), ("devices", identity_pages(DEPLOYMENTS))):
        for number, page in enumerate(pages):
            (place / f"{kind}-{number}.json").write_bytes(page)
    return place


def test_pages_of_graph_are_one_fleet_without_gaps_and_know_their_models(folder):
    fleet = load_deployments(folder)
    assert fleet.gaps.is_empty()
    told = fleet.deployments.sort("deployment")
    assert told["deployment"].to_list() == DEPLOYMENTS["deployment"].to_list()
    assert told["model"].to_list() == DEPLOYMENTS["model"].to_list()


def test_a_page_that_did_not_come_is_one_gap(folder):
    (folder / "events-2.json").unlink()
    gaps = load_deployments(folder).gaps
    assert gaps.height == 1
    assert "@odata.nextLink is left over" in gaps["reason"][0]


def test_an_attempt_that_two_exports_tell_of_is_counted_once(folder):
    (folder / "report.csv").write_bytes(report_v1_csv(DEPLOYMENTS))
    fleet = load_deployments(folder)
    assert fleet.deployments.height == DEPLOYMENTS.height
    assert fleet.origins["origin"].to_list() == ["graph"]
    assert fleet.sources["source"].to_list() == ["graph_json", "report_csv"]


def test_a_capture_is_a_fleet_of_its_attempts_with_findings_and_proof():
    fleet = load_deployments(DATA / "mdm-enrollment-refused.cab")
    assert fleet.deployments["outcome"].to_list() == ["failed"] * 4
    first = fleet.found.row(0, named=True)
    assert first["devices"] == 1
    assert first["quote"]


def test_a_dataset_is_the_same_fleet_as_the_exports_in_it(tmp_path):
    export = DATA / "mdm-enrollment-refused.cab"
    ingest([export], into=tmp_path / "dataset")
    loaded, direct = load_deployments(tmp_path / "dataset"), load_deployments(export)
    same = ["device", "outcome", "code", "failed_stage", "started_at"]
    assert loaded.deployments.select(same).equals(direct.deployments.select(same))


def test_with_privacy_no_serial_is_left(folder):
    hidden = load_deployments(folder, privacy=True).deployments
    assert hidden.height == DEPLOYMENTS.height
    assert not set(hidden["serial"]) & set(DEPLOYMENTS["serial"])


def test_an_export_of_nothing_is_an_empty_fleet(tmp_path):
    place = tmp_path / "autopilotEvents.json"
    place.write_text('{"@odata.context": "https://graph.example.com/beta/$metadata#x", "value": []}')
    fleet = load_deployments(place)
    assert fleet.deployments.is_empty()
    assert fleet.origins.is_empty()
    assert fleet.found.is_empty()


def test_a_fleet_stands_for_its_deployments(folder):
    fleet = load_deployments(folder)
    assert measure_rates(fleet, by="model").equals(measure_rates(fleet.deployments, by="model"))
    assert explain(fleet).to_dict() == explain(fleet.deployments).to_dict()


PORTAL = (
    "Registrierungsdatum;Seriennummer;Bereitstellungsstatus;Gesamtdauer;Wetter\n"
    "27.03.2026 09:30;SN-0001;Erfolgreich;00:41:02;Regen\n"
    "30.03.2026 09:30;SN-0002;Fehlerhaft;00:10:00;Sonne\n"
    "30.03.2026 10:30;SN-0003;Unklar;;\n"
)
WORDS = (
    "text,means\nRegistrierungsdatum,enrolled_at\nSeriennummer,serial\nBereitstellungsstatus,state\n"
    "Gesamtdauer,total\nErfolgreich,succeeded\nFehlerhaft,failed\n"
)


def test_a_report_in_another_language_is_read_by_the_words_of_the_analyst(tmp_path):
    export, words = tmp_path / "portal.csv", tmp_path / "words.csv"
    export.write_text(PORTAL)
    words.write_text(WORDS)
    with pytest.raises(NotAnExport, match="begins with the columns Registrierungsdatum, Seriennummer"):
        load_deployments(export)
    fleet = load_deployments(export, words=words, time_zone="Europe/Berlin")
    told = fleet.deployments.sort("device")
    assert told.select("device", "started_at", "outcome", "total").rows() == [
        ("SN-0001", datetime(2026, 3, 27, 8, 30, tzinfo=UTC), "succeeded", timedelta(minutes=41, seconds=2)),
        ("SN-0002", datetime(2026, 3, 30, 7, 30, tzinfo=UTC), "failed", timedelta(minutes=10)),
        ("SN-0003", datetime(2026, 3, 30, 8, 30, tzinfo=UTC), "unknown", None),
    ]
    assert "unknown_state=Unklar" in told["flags"][2]
    assert [reason.partition(":")[0] for reason in fleet.gaps["reason"]] == ["1 column of this portal"]


def test_without_a_zone_the_times_of_a_portal_are_a_gap(tmp_path):
    export = tmp_path / "portal.csv"
    export.write_text(
        "Enrollment date,Device serial number,Deployment status\n2026-03-30 09:30,SN-0001,Success\n"
    )
    assert "browser's local time" in load_deployments(export).gaps["reason"][0]
    assert load_deployments(export, time_zone="Asia/Tokyo").gaps.is_empty()
    with pytest.raises(UnknownName, match="no time zone is called"):
        load_deployments(export, time_zone="Tokio")


def test_a_name_book_names_items_of_an_export_and_of_a_dataset_alike(tmp_path):
    app = "8c3f3c6a-1111-4222-8333-444455556666"
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\IntuneManagementExtension\Win32Apps"
    told = '"EnforcementStateMessage"="{\\"EnforcementState\\":1000,\\"ErrorCode\\":0}"'
    place = f"[{key}\\00000000-0000-0000-0000-000000000000\\{app}_1\\EnforcementStateMessage]"
    (tmp_path / "in").mkdir()
    text = "\n".join(["Windows Registry Editor Version 5.00", "", place, told, ""])
    (tmp_path / "in" / "IntuneManagementExtension.reg").write_text(text, encoding="utf-16")
    ingest([tmp_path / "in"], into=tmp_path / "fleet")
    (tmp_path / "names.csv").write_text(f"id,name\n{app},Contoso VPN\n", encoding="utf-8")
    for export in (tmp_path / "in", tmp_path / "fleet"):
        assert load_deployments(export).installs.select("item", "name").rows() == [(app, None)]
        named = load_deployments(export, names=tmp_path / "names.csv").installs
        assert named.select("item", "name").rows() == [(app, "Contoso VPN")]


@pytest.mark.parametrize("door", [load_deployments, load_story, open_export, partial(ingest, into="ds")])
def test_an_empty_name_never_reads_the_current_folder(door, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dataset.json").write_text("{}", encoding="utf-8")
    with pytest.raises(NotAnExport, match="no export was named"):
        door("")
    assert not (tmp_path / "ds").exists()


def test_a_fleet_and_its_explanation_are_frames_of_pandas_too():
    fleet = load_deployments(DATA / "user-driven-success.cab")
    frames = {**fleet.to_pandas(), **explain(fleet.deployments).to_pandas()}
    assert {"deployments", "installs", "gaps", "contrasts", "changes"} <= frames.keys()
    assert (len(frames["deployments"]), len(frames["contrasts"])) == (1, 0)
