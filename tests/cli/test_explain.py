"""`explain`: groups, days, and what could not be read."""

from __future__ import annotations

import json
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
GRAPH = '{"@odata.context": "https://graph.example.com/beta/$metadata#x", "value": ['
EVENT = '{"id": "e", "deviceSerialNumber": "SN-0001", "deploymentState": "success"}'


def test_explain_as_json_has_contrasts_and_changes(refused, run):
    status, out, _ = run("explain", refused, "--json")
    assert status == 0
    answer = json.loads(out)
    assert (answer["contrasts"], answer["changes"]) == ([], [])
    assert answer["could_see"] == {"smallest": None, "not_in_export": ["group_tag", "esp_profile"]}


def test_explain_says_what_it_could_not_read_and_that_few_are_too_few(tmp_path, run):
    cut = tmp_path / "cut.json"
    cut.write_text(f'{GRAPH}{EVENT}, {{"id": "e-2", "depl', encoding="utf-8")
    status, out, err = run("explain", cut)
    assert status == 0
    assert "Too few to compare: 1 deployment ended" in out
    assert err.startswith("not read: cut.json: the JSON breaks off after 1 whole objects")


def test_explain_refuses_an_export_of_which_nothing_could_be_read(tmp_path, run):
    cut = tmp_path / "cut.json"
    cut.write_text(f'{GRAPH}{{"id": "e", "deploymentState": "suc', encoding="utf-8")
    status, out, err = run("explain", cut)
    assert (status, out) == (2, "")
    assert "tells of no deployment" in err
    assert err.count("\n") == 1


def test_explain_says_shares_as_a_report_does(run):
    _, out, _ = run("explain", DATA / "fleet")
    assert "54 devices hit, 3 h 51 min lost, 61 of 312 (19.6 %, 15.5 % to 24.3 %) against 7.6 %" in out
    assert "from 14 April 2026 (90 %: 10 April to 14 April): failed from 3.9 % to 40.3 %" in out


def test_explain_points_from_one_devices_export_to_its_findings(refused, run):
    status, out, _ = run("explain", refused)
    assert status == 0
    assert out.count("\n") == 1
    assert out.endswith(f"run autopilot-analysis findings {refused}\n")
