"""`explain`: groups, days, and what could not be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autopilot_analysis.fleet.explanation.lists.lists import NO_GROUPS
from autopilot_analysis.samples import write_sample

DATA = Path(__file__).parents[2] / "data"
GRAPH = '{"@odata.context": "https://graph.example.com/beta/$metadata#x", "value": ['
EVENT = '{"id": "e", "deviceSerialNumber": "SN-0001", "deploymentState": "success"}'


def test_explain_as_json_has_contrasts_and_changes(refused, run):
    status, out, _ = run("explain", refused, "--json")
    assert status == 0
    answer = json.loads(out)
    assert (answer["contrasts"], answer["changes"]) == ([], [])
    absent = ["firmware", "group_tag", "device_category", "esp_profile"]
    assert answer["could_see"] == {"smallest": None, "not_in_export": absent}


def test_explain_says_what_it_could_not_read_and_that_few_are_too_few(tmp_path, run):
    cut = tmp_path / "cut.json"
    cut.write_text(f'{GRAPH}{EVENT}, {{"id": "e-2", "depl', encoding="utf-8")
    status, out, err = run("explain", cut)
    assert status == 0
    assert "Too few to compare: 1 deployment ended" in out
    assert err.startswith("not read: cut.json: the JSON breaks off after 1 whole objects")


@pytest.mark.parametrize(
    ("files", "behind"), [(3, ""), (4, "1 more note of what"), (6, "3 more notes of what")]
)
def test_explain_counts_what_it_does_not_name_of_the_unread_and_says_where_it_stands(
    tmp_path, run, files, behind
):
    for number in range(files):
        text = f'{GRAPH}{EVENT.replace("e", f"e{number}", 1)}, {{"id": "x", "depl'
        (tmp_path / f"cut-{number}.json").write_text(text, encoding="utf-8")
    _, _, err = run("explain", tmp_path)
    assert (err.count("not read: "), err.count("could not be read: autopilot-analysis tables")) == (
        3, bool(behind)
    )  # fmt: skip
    assert behind in err


def test_explain_refuses_an_export_of_which_nothing_could_be_read(tmp_path, run):
    cut = tmp_path / "cut.json"
    cut.write_text(f'{GRAPH}{{"id": "e", "deploymentState": "suc', encoding="utf-8")
    status, out, err = run("explain", cut)
    assert (status, out) == (2, "")
    assert "tells of no deployment" in err
    assert err.count("\n") == 1


def test_explain_says_shares_as_a_report_does(run):
    _, out, _ = run("explain", DATA / "fleet")
    assert "54 devices hit, 3 h 51 min lost, 61 of 312 (19.6 %; 95 %: 15.5 % to 24.3 %) against 7.6 %" in out
    changed = "from 14 April 2026 (90 %: 10 April to 14 April): failed from 3.9 % (7 of 178, 2 to 8 %) to "
    assert changed in out


def test_explain_points_from_one_devices_export_to_its_findings(refused, run):
    status, out, _ = run("explain", refused)
    assert status == 0
    assert out.count("\n") == 1
    assert out.endswith(f"run autopilot-analysis findings {refused}\n")


def slower(folder, profile=None):
    """A page of seventy successes, three a day: since 21 April, of a profile if named, they take longer."""
    rows = []
    for n in range(70):
        at = datetime(2026, 4, 6, 7, tzinfo=UTC) + timedelta(days=n // 3, minutes=140 * (n % 3))
        minutes = (68 if n >= 45 else 28) + n * 7 % 17
        event = {"id": f"e{n}", "deviceSerialNumber": f"SN-{n:04}", "deploymentState": "success"}
        event |= {"deploymentStartDateTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        own = {"windowsAutopilotDeploymentProfileDisplayName": profile if n >= 45 else "Desk"}
        rows.append(event | {"deploymentTotalDuration": f"PT{minutes}M"} | (own if profile else {}))
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


INSTALLS = "ApplicationId,AppVersion,DeviceId,InstallState,ErrorCode,LastModifiedDateTime\n"


def list_of_installs(folder, versions=("1.0", "2.0")):
    """The report of one app: on devices with the second version it fails."""
    path = folder / "DeviceInstallStatusByApp.csv"
    states = ["1,0"] * 23 + ["2,-2147023293"] * 17
    rows = [
        f"app,{versions[n > 20]},device-{n},{state},2026-06-01 08:00:00" for n, state in enumerate(states)
    ]
    path.write_text(INSTALLS + "\n".join(rows), encoding="utf-8")
    return path


def test_explain_of_a_list_says_what_it_is_which_verb_answers_and_what_its_rows_show(tmp_path, run):
    path = list_of_installs(tmp_path)
    status, out, _ = run("explain", path)
    first, _, third = out.splitlines()
    assert (status, first) == (
        0,
        "This tells of no deployment; it lists 40 states of apps, scripts or policies. For what failed in it "
        f"and why run autopilot-analysis findings {path}",
    )
    assert third.startswith("app failed with version 2.0 on 17 of 19 (89 %")
    assert "0 deployments" not in out


def test_explain_of_a_list_as_json_has_the_shape_of_any_other(tmp_path, run):
    answer = json.loads(run("explain", list_of_installs(tmp_path), "--json")[1])
    assert [one["where"] for one in answer["contrasts"]] == [{"failed": "app", "version": "2.0"}]
    assert answer["could_see"] == {"smallest": None, "not_in_export": []}


@pytest.mark.parametrize("sign", ["\x9b", "\u202e"])
def test_explain_as_json_cannot_steer_a_terminal(tmp_path, run, sign):
    path = list_of_installs(tmp_path, versions=("1.0", f"2{sign}0"))
    out = run("explain", path, "--json")[1]
    assert sign not in out
    assert json.loads(out)["contrasts"][0]["where"]["version"] == f"2{sign}0"


@pytest.mark.parametrize("sign", ["\x9b", "\u202e"])
def test_explain_of_deployments_as_json_cannot_steer_a_terminal(tmp_path, run, sign):
    path = slower(tmp_path, profile=f"Kiosk{sign}2")
    out = run("explain", path, "--json")[1]
    assert sign not in out
    named = [one["where"] for one in json.loads(out)["slow"]["contrasts"]]
    assert {"profile": f"Kiosk{sign}2"} in named


def test_explain_of_a_list_in_which_nothing_differs_says_so(tmp_path, run):
    _, out, _ = run("explain", list_of_installs(tmp_path, versions=("1.0", "1.0")))
    assert out.splitlines()[1:] == [NO_GROUPS]


def test_explain_of_a_list_with_few_failures_says_that_they_are_too_few(tmp_path, run):
    path = list_of_installs(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("2,-2147023293", "1,0"), encoding="utf-8")
    _, out, _ = run("explain", path)
    assert out.splitlines()[1:] == ["Too few to compare: at least 4 failures of one kind are needed."]


def test_with_privacy_the_account_behind_failures_is_named_by_its_pseudonym(tmp_path, run, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    path = tmp_path / "DeviceEnrollmentFailures.csv"
    header = "EnrollmentFailureDateTime,EnrollmentMethod,FailureGuid,FailureReason,OS,OSVersion,UPN\n"
    rows = [
        f"2026-06-01 0{n}:00:00,Auto enrollment,f-{n},Device cap reached,Windows,26100.1,tech@contoso.com"
        for n in range(6)
    ]
    path.write_text(header + "\n".join(rows), encoding="utf-8")
    assert (
        "All 6 failures for Device cap reached are of one account, tech@contoso.com"
        in run("explain", path)[1]
    )
    for verb in ("explain", "findings"):
        out = " ".join(run(verb, path, "--privacy")[1].split())
        assert "All 6 failures for Device cap reached are of one account, " in out
        assert "tech@contoso.com" not in out


def test_explain_says_how_many_failed_and_which_verb_says_why_where_nothing_stands_out(tmp_path, run):
    for number, scenario in enumerate(("mdm_enrollment_refused", "esp_app_timeout"), start=1):
        write_sample(tmp_path / f"{number}.cab", scenario, device=number)
    first, *_, last = run("explain", tmp_path)[1].splitlines()
    assert " on 2 devices; " in first
    assert " failed" in first
    assert first.endswith("; going together is not causing")
    assert last == f"For what failed and why run autopilot-analysis findings {tmp_path}"
