from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.cli import main
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import SCHEMAS

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    out = tmp_path_factory.mktemp("cab") / "device.cab"
    write_sample(out, "mdm_enrollment_refused")
    return out


def run(*argv, capsys):
    status = main([str(a) for a in argv])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_findings_name_the_failure_its_code_and_its_attempts(refused, capsys):
    status, out, _ = run("findings", refused, capsys=capsys)
    assert status == 0
    assert "0x80180014" in out
    assert "4 attempts" in out
    assert out.startswith(
        "SN-0001: Registered for Autopilot; not enrolled; 4 attempts failed (user driven)\nWhat happened "
    )
    assert "\nWhat to do " in out
    assert "\nProof            microsoft-windows-devicemanagement" in out
    assert out.count("\n") <= 26


def test_findings_all_name_each_finding_with_every_proof(refused, capsys):
    _, out, _ = run("findings", refused, "--all", capsys=capsys)
    assert "CRITICAL SN-0001: MDM enrolment was refused" in out
    assert out.count("Proof: microsoft-windows-devicemanagement") > 8
    assert "Remedy:" in out


def test_findings_as_markdown_are_the_answer_for_a_ticket(refused, capsys):
    _, out, _ = run("findings", refused, "--markdown", capsys=capsys)
    assert out.startswith("# SN-0001: Registered for Autopilot")
    assert "**What to do**" in out


def test_findings_as_json_are_a_list_of_the_columns_with_evidence(refused, capsys):
    _, out, _ = run("findings", refused, "--json", capsys=capsys)
    found = json.loads(out)
    assert set(SCHEMAS["findings"].column_names()) | {"evidence"} == set(found[0])
    assert (found[0]["stage"], found[0]["code"], found[0]["role"]) == (
        "mdm_enrollment",
        "0x80180014",
        "cause",
    )
    assert {e["attempt"] for e in found[0]["evidence"]} == {1, 2, 3, 4}


@pytest.mark.parametrize("form", ["parquet", "csv", "ndjson"])
def test_tables_writes_every_table_as_a_file(refused, tmp_path, capsys, form):
    status, _, _ = run("tables", refused, "--out", tmp_path / "t", "--format", form, capsys=capsys)
    assert status == 0
    assert {p.name for p in (tmp_path / "t").iterdir()} >= {f"{name}.{form}" for name in SCHEMAS}


def test_parquet_tables_keep_their_types(refused, tmp_path, capsys):
    run("tables", refused, "--out", tmp_path / "t", capsys=capsys)
    events = pl.read_parquet(tmp_path / "t" / "events.parquet")
    assert events.schema["at"] == pl.Datetime("us", "UTC")
    assert pl.read_parquet(tmp_path / "t" / "attempts.parquet").height == 4


def test_nothing_is_overwritten_unasked(refused, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    status, _, err = run("tables", refused, "--out", tmp_path, capsys=capsys)
    assert status == 2
    assert "--force" in err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_spreadsheet_meets_no_formula(refused, tmp_path, capsys):
    run("tables", refused, "--out", tmp_path / "t", "--format", "csv", capsys=capsys)
    text = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "t").iterdir())
    assert ",=" not in text
    assert ",@" not in text


@pytest.fixture
def bad(tmp_path):
    """Inputs that hold nothing to analyse, by what they are."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "cat.xyz").write_bytes(b"meow")
    (tmp_path / "empty").mkdir()
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    (tmp_path / "diag.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 64)
    (tmp_path / "notes.cab").write_text("these are my notes", encoding="utf-8")
    (tmp_path / "nothing.cab").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "locked.zip", "w") as archive:
        archive.writestr("setupact.log", "secret")
    raw = bytearray((tmp_path / "locked.zip").read_bytes())
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(signature) + flag] |= 1
    (tmp_path / "locked.zip").write_bytes(raw)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pictures", "none of them known"),
        ("empty", "holds no files"),
        ("empty.zip", "holds no files"),
        ("diag.7z", "7-Zip"),
        ("notes.cab", "text file named .cab"),
        ("nothing.cab", "empty"),
        ("locked.zip", "password"),
        ("nowhere.cab", "does not exist"),
    ],
)
@pytest.mark.parametrize("verb", ["findings", "tables"])
def test_bad_input_is_one_clear_line_and_exit_status_2(bad, capsys, name, said, verb):
    argv = [verb, bad / name] + (["--out", bad / "out"] if verb == "tables" else [])
    status, out, err = run(*argv, capsys=capsys)
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert said in err
    assert not (bad / "out").exists()


def test_a_report_of_bad_input_leaves_no_page(bad, capsys, monkeypatch):
    monkeypatch.chdir(bad)
    status, _, err = run("report", bad / "diag.7z", capsys=capsys)
    assert (status, err.count("\n")) == (2, 1)
    assert not list(bad.glob("*.html"))


def test_a_parameter_without_a_value_is_refused(refused, capsys):
    status, _, err = run("report", refused, "-p", "device", capsys=capsys)
    assert status == 2
    assert "name=value" in err


def test_sample_writes_exports_and_their_truth(tmp_path, capsys):
    status, _, _ = run("sample", tmp_path / "s", "--devices", 2, "--incident", "clock_step", capsys=capsys)
    assert status == 0
    truth = pl.read_parquet(tmp_path / "s" / "truth.parquet")
    assert truth["device"].n_unique() == 2
    assert len(list((tmp_path / "s").glob("*.cab"))) == 2


def test_an_incident_that_does_not_exist_lists_those_that_do(tmp_path, capsys):
    status, _, err = run("sample", tmp_path / "s", "--incident", "flood", capsys=capsys)
    assert status == 2
    assert "clock_step" in err


def test_lab_copies_notebooks_and_data_and_overwrites_nothing(tmp_path, capsys):
    run("lab", tmp_path / "lab", "--no-start", capsys=capsys)
    notebook = tmp_path / "lab" / "notebooks" / "01_device_trace.ipynb"
    notebook.write_text("mine", encoding="utf-8")
    run("lab", tmp_path / "lab", "--no-start", capsys=capsys)
    assert notebook.read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "lab" / "data" / "user-driven-success.cab").is_file()


def test_ingest_keeps_exports_once_and_a_dataset_answers_like_an_export(refused, tmp_path, capsys):
    status, out, _ = run("ingest", refused, refused, "--into", tmp_path / "ds", capsys=capsys)
    assert status == 0, out
    status, out, _ = run("findings", tmp_path / "ds", "--json", capsys=capsys)
    assert json.loads(out)[0]["code"] == "0x80180014"


def test_explain_as_json_has_contrasts_and_changes(refused, capsys):
    status, out, _ = run("explain", refused, "--json", capsys=capsys)
    assert status == 0
    answer = json.loads(out)
    assert (answer["contrasts"], answer["changes"]) == ([], [])
    assert answer["could_see"] == {"smallest": None, "not_in_export": ["group_tag", "esp_profile"]}


def test_help_names_every_verb():
    done = subprocess.run(
        [sys.executable, "-m", "autopilot_analysis.cli", "--help"], capture_output=True, text=True, check=True
    )
    for verb in ("report", "findings", "explain", "tables", "ingest", "lab", "sample", "share"):
        assert f"  {verb} " in done.stdout


def test_hostile_text_cannot_steer_the_terminal(tmp_path, capsys):
    evil = tmp_path / "setupact.log"
    evil.write_text(
        "2026-03-02 10:00:00, Error      [x] \x1b]8;;http://example.com\x07click\x1b[31m\n", encoding="utf-8"
    )
    _, out, err = run("findings", evil, capsys=capsys)
    assert "\x1b" not in out + err


GRAPH = '{"@odata.context": "https://graph.example.com/beta/$metadata#x", "value": ['
EVENT = '{"id": "e", "deviceSerialNumber": "SN-0001", "deploymentState": "success"}'


def test_explain_says_what_it_could_not_read_and_that_few_are_too_few(tmp_path, capsys):
    cut = tmp_path / "cut.json"
    cut.write_text(f'{GRAPH}{EVENT}, {{"id": "e-2", "depl', encoding="utf-8")
    status, out, err = run("explain", cut, capsys=capsys)
    assert status == 0
    assert "Too few to compare: 1 deployments ended" in out
    assert err.startswith("not read: cut.json: the JSON breaks off after 1 whole objects")


def test_explain_refuses_an_export_of_which_nothing_could_be_read(tmp_path, capsys):
    cut = tmp_path / "cut.json"
    cut.write_text(f'{GRAPH}{{"id": "e", "deploymentState": "suc', encoding="utf-8")
    status, out, err = run("explain", cut, capsys=capsys)
    assert (status, out) == (2, "")
    assert "tells of no deployment" in err
    assert err.count("\n") == 1


def test_findings_of_a_fleet_count_each_attempt_once(capsys):
    status, out, _ = run("findings", DATA / "fleet", capsys=capsys)
    assert (status, out.split(" on ")[0]) == (0, "fleet: 600 attempts")


def test_explain_says_shares_as_a_report_does(capsys):
    _, out, _ = run("explain", DATA / "fleet", capsys=capsys)
    assert "54 devices hit, 3 h 51 min lost, 61 of 312 (19.6 %, 15.5 % to 24.3 %) against 7.6 %" in out
    assert "from 14 April 2026 (90 %: 10 April to 14 April): failed from 3.9 % to 40.3 %" in out


def test_findings_of_several_devices_name_the_device_of_each(capsys, tmp_path):
    for number, scenario in enumerate(("mdm_enrollment_refused", "esp_app_timeout"), start=1):
        write_sample(tmp_path / f"{number}.cab", scenario, device=number)
    _, out, _ = run("findings", tmp_path, capsys=capsys)
    first, second = out.splitlines()
    assert first.startswith("SN-0001: ")
    assert "MDM enrolment was refused" in first
    assert second.startswith("SN-0002: ")
    assert "An app was not finished when time ran out" in second


@pytest.mark.parametrize(
    ("form", "name"), [("timesketch", "t.jsonl"), ("perfetto", "t.json"), ("csv", "t.csv")]
)
def test_timeline_writes_one_file_for_another_tool(refused, tmp_path, capsys, form, name):
    status, out, err = run("timeline", refused, tmp_path / "t", "--format", form, capsys=capsys)
    assert (status, err) == (0, "")
    assert out.splitlines()[0].endswith(f"records and spans in {tmp_path / name}")
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_timeline_replaces_a_file_only_when_told_to(refused, tmp_path, capsys):
    (tmp_path / "t.csv").write_text("mine")
    status, _, err = run("timeline", refused, tmp_path / "t.csv", "--format", "csv", capsys=capsys)
    assert status == 2
    assert err.startswith("autopilot-analysis: ")
    assert "add --force" in err
    assert (tmp_path / "t.csv").read_text() == "mine"
    status, _, _ = run("timeline", refused, tmp_path / "t.csv", "--format", "csv", "--force", capsys=capsys)
    assert (status, (tmp_path / "t.csv").read_text()[:9]) == (0, "device,id")


def test_timeline_with_privacy_names_no_device(refused, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("autopilot_analysis.privacy.pseudonyms.profile_folder", lambda: tmp_path / "profile")
    run("timeline", refused, tmp_path / "open", "--format", "csv", capsys=capsys)
    run("timeline", refused, tmp_path / "hidden", "--format", "csv", "--privacy", capsys=capsys)
    serial = pl.read_csv(tmp_path / "open.csv", infer_schema=False)["device"][0]
    assert serial not in (tmp_path / "hidden.csv").read_text(encoding="utf-8")


def test_timeline_of_nothing_is_refused(tmp_path, capsys):
    (tmp_path / "x.reg").write_text("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A]\r\n")
    status, _, err = run("timeline", tmp_path / "x.reg", tmp_path / "t", capsys=capsys)
    assert status == 2
    assert "holds no record that a timeline could show" in err


def test_ingest_of_a_file_that_is_not_there_is_one_line_and_nothing_is_written(tmp_path, capsys):
    status, _, err = run("ingest", tmp_path / "gone.zip", "--into", tmp_path / "ds", capsys=capsys)
    assert (status, err.count("\n")) == (2, 1)
    assert "does not exist" in err
    assert not (tmp_path / "ds").exists()


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith("autopilot-analysis ")


def test_report_refuses_a_notebook_that_does_not_fit_and_names_the_one_that_does(tmp_path, capsys):
    out = tmp_path / "page.html"
    argv = ("report", DATA / "fleet", "--notebook", "01_device_trace", "--out", out)
    status, _, err = run(*argv, capsys=capsys)
    assert (status, err.count("\n"), out.exists()) == (2, 1, False)
    assert "04_root_cause" in err


def test_findings_of_what_the_service_exports_name_what_failed(tmp_path, capsys):
    page = tmp_path / "events.json"
    failed = EVENT.replace('"deploymentState": "success"', '"deploymentState": "failure"')
    page.write_text(f"{GRAPH}{failed}]}}", encoding="utf-8")
    first = "fleet: 1 attempt on 1 device; 1 of 1 of those that ended failed"
    status, out, _ = run("findings", page, capsys=capsys)
    assert (status, out.splitlines()[0]) == (0, first)
    assert out.splitlines()[1] == "What happened    SN-0001 failed."
    status, out, _ = run("findings", page, "--markdown", capsys=capsys)
    assert (status, out.splitlines()[0]) == (0, f"# {first}")
