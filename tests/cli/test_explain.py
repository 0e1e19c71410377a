"""`explain`: groups, days, and what could not be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
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


def slower(folder):
    """A page of seventy successes, three a day: since 21 April they take twice as long."""
    rows = []
    for n in range(70):
        at = datetime(2026, 4, 6, 7, tzinfo=UTC) + timedelta(days=n // 3, minutes=140 * (n % 3))
        minutes = (68 if n >= 45 else 28) + n * 7 % 17
        event = {"id": f"e{n}", "deviceSerialNumber": f"SN-{n:04}", "deploymentState": "success"}
        event |= {"deploymentStartDateTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        rows.append(event | {"deploymentTotalDuration": f"PT{minutes}M"})
    page = folder / "events.json"
    page.write_text(GRAPH + ", ".join(map(json.dumps, rows)) + "]}", encoding="utf-8")
    return page


def test_explain_tells_of_what_was_slow_as_findings_do(tmp_path, run):
    page = slower(tmp_path)
    _, out, _ = run("explain", page)
    (line,) = [line for line in out.splitlines() if line.startswith("slow: ")]
    assert line.startswith("slow: all attempts, from 21 April 2026: total from 3")
    _, found, _ = run("findings", page, "--json")
    titles = [one["title"] for one in json.loads(found) if one["rule"] == "FLEET-DAY"]
    assert titles == [line.removeprefix("slow: ")]
    _, told, _ = run("explain", page, "--json")
    assert [change["at"][:10] for change in json.loads(told)["slow"]["changes"]] == ["2026-04-21"]


def test_explain_asked_for_one_outcome_tells_of_that_alone(tmp_path, run):
    page = slower(tmp_path)
    assert "slow" not in run("explain", page, "--outcome", "failed")[1]
    _, told, _ = run("explain", page, "--outcome", "slow", "--json")
    assert [change["at"][:10] for change in json.loads(told)["changes"]] == ["2026-04-21"]
    assert "slow" not in json.loads(told)
