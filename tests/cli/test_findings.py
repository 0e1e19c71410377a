"""`findings`: the answer as text, Markdown and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autopilot_analysis import load_deployments
from autopilot_analysis.export import open_export
from autopilot_analysis.findings.loading import REPAIR, find_with_own, load_rules
from autopilot_analysis.findings.rule import OWN_WORDS, RULES
from autopilot_analysis.fleet import answer_fleet
from autopilot_analysis.readers import read_tables
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.trace import build_trace

DATA = Path(__file__).parents[2] / "data"


def test_findings_name_the_failure_its_code_and_its_attempts(refused, run):
    status, out, _ = run("findings", refused)
    assert status == 0
    assert "0x80180014" in out
    assert "4 attempts" in out
    assert out.startswith(
        "SN-0001: Not enrolled; 4 attempts failed (user-driven): MDM enrolment was refused (0x80180014)\n"
        "What happened "
    )
    assert "\nWhat to do " in out
    assert "\nProof            microsoft-windows-devicemanagement" in out
    assert out.count("\n") <= 26


def test_findings_all_name_each_finding_with_every_proof(refused, run):
    _, out, _ = run("findings", refused, "--all")
    assert "CRITICAL SN-0001: MDM enrolment was refused" in out
    assert out.count("Proof: microsoft-windows-devicemanagement") > 8
    assert "Remedy:" in out


def test_findings_as_markdown_are_the_answer_for_a_ticket(refused, run):
    _, out, _ = run("findings", refused, "--markdown")
    assert out.startswith("# SN-0001: Not enrolled")
    assert "**What to do**" in out


def test_findings_as_json_are_a_list_of_the_columns_with_evidence(refused, run):
    _, out, _ = run("findings", refused, "--json")
    found = json.loads(out)
    assert set(SCHEMAS["findings"].column_names()) | {"evidence"} == set(found[0])
    assert (found[0]["stage"], found[0]["code"], found[0]["role"]) == (
        "mdm_enrollment",
        "0x80180014",
        "cause",
    )
    assert {e["attempt"] for e in found[0]["evidence"]} == {1, 2, 3, 4}


def test_findings_of_a_fleet_count_each_attempt_once(run):
    status, out, _ = run("findings", DATA / "fleet")
    assert (status, out.split(" on ")[0]) == (0, "fleet: 600 attempts")


def test_findings_of_what_the_service_exports_name_what_failed(run, tmp_path):
    page = tmp_path / "events.json"
    page.write_text(
        '{"@odata.context": "https://graph.example.com/beta/$metadata#x", "value": ['
        '{"id": "e", "deviceSerialNumber": "SN-0001", "deploymentState": "failure"}]}',
        encoding="utf-8",
    )
    first = "SN-0001: 1 attempt on 1 device; the one that ended failed"
    status, out, _ = run("findings", page)
    assert (status, out.splitlines()[0]) == (0, first)
    assert "SN-0001 failed." in out
    status, out, _ = run("findings", page, "--json")
    found = json.loads(out)
    assert [(one["rule"], one["device"], one["role"]) for one in found] == [
        ("FLEET-FAILURE", "SN-0001", "consequence")
    ]
    assert found[0]["evidence"][0]["quote"] == "SN-0001 failed."
    status, out, _ = run("findings", page, "--markdown")
    assert (status, out.splitlines()[0]) == (0, f"# {first}")


def test_findings_of_several_devices_name_the_device_of_each(run, tmp_path):
    for number, scenario in enumerate(("mdm_enrollment_refused", "esp_app_timeout"), start=1):
        write_sample(tmp_path / f"{number}.cab", scenario, device=number)
    _, out, _ = run("findings", tmp_path)
    *together, _, first, second = out.splitlines()
    assert together[0].startswith("devices: 2 of 2 failed; 5 attempts on 2 devices; 2 of 2 first attempts")
    assert first.startswith("SN-0001: ")
    assert "MDM enrolment was refused" in first
    assert second.startswith("SN-0002: ")
    assert "An app was not finished when time ran out" in second
    labels = [line[:16].strip() for line in together[1:] if line[:1] != " "]
    assert labels == ["What happened", "Why", "What to do", "Proof", "Not seen"]
    assert "MDM enrolment was refused" in together[1]
    page = answer_fleet(load_deployments(tmp_path))
    assert together[0].endswith(page.verdict)
    assert page.sections[0].lines[0].text.startswith("MDM enrolment was refused")


def test_one_failed_device_among_two_is_answered_whole_behind_both(run, tmp_path):
    for number, scenario in enumerate(("user_driven_success", "mdm_enrollment_refused"), start=1):
        write_sample(tmp_path / f"{number}.cab", scenario, device=number)
    lines = run("findings", tmp_path)[1].splitlines()
    assert [line[:7] for line in lines[:2]] == ["SN-0002", "SN-0001"]
    assert lines[2:4] == ["", "SN-0002 first, the others with --all:"]
    labels = [line[:16].strip() for line in lines[4:] if line[:1] != " "]
    assert {"What happened", "Why", "What to do", "Proof", "Not seen"} <= set(labels)
    assert len(lines) <= 25


def test_a_finding_of_a_list_without_a_zone_is_dated_by_the_devices_own_clock(run, tmp_path):
    provider = "DeviceManagement-Enterprise-Diagnostics-Provider"
    path = tmp_path / "Admin.csv"
    path.write_text(
        "Level,Date and Time,Source,Event ID,Task Category\n"
        f"Error,5/14/2026 9:02:11 AM,{provider},71,None,MDM Enroll: Failed (0x80180018)\n"
    )
    _, out, _ = run("findings", path, "--all")
    assert "2026-05-14 09:02:11 (device's own clock)" in out
    assert " UTC" not in out


def test_registered_devices_that_want_attention_are_findings_and_healthy_ones_are_none(run, tmp_path):
    good = {"serialNumber": "AP-1", "remediationState": "noRemediationRequired"}
    good |= {"deploymentProfileAssignmentStatus": "assignedInSync", "enrollmentState": "enrolled"}
    good |= {"userlessEnrollmentStatus": "allowed", "managedDeviceId": "", "groupTag": "KIOSK"}
    path = tmp_path / "devices.json"
    path.write_text(json.dumps({"value": [good, {**good, "serialNumber": "AP-2"}]}))
    assert run("findings", path, "--json")[1].strip() == "[]"
    assert run("findings", path)[1].startswith("Lists of the service: Nothing went wrong in what was read")
    path.write_text(json.dumps({"value": [good, {**good, "userlessEnrollmentStatus": "blocked"}]}))
    assert [one["rule"] for one in json.loads(run("findings", path, "--json")[1])] == [
        "FLEET-ENROLLMENT-BLOCKED"
    ]


def test_findings_read_a_list_with_words_of_the_analyst(tmp_path, run):
    header = "DeviceId,SerialNumber,EnrollmentTimeInUtc,DeploymentStatus,UPN,Phase"
    rows = [f"d-{n},SN-{n},2026-05-0{n + 1}T08:00:00Z,Zzz,u@example.com,x" for n in range(8)]
    report = tmp_path / "AutopilotV2DeploymentStatus.csv"
    report.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    words = tmp_path / "words.txt"
    words.write_text("text,means\nZzz,succeeded\n", encoding="utf-8")
    assert "how they ended is not known" in run("findings", report)[1]
    assert "every one of the 8 that ended succeeded" in run("findings", report, "--words", words)[1]


HEAD = "from autopilot_analysis.findings import marks_in, proof, rule\n"
GOOD = 'return proof(marks_in(trace, ["profile_available"]))'


@pytest.fixture
def own(tmp_path):
    """A function of rules, by id: what stands beside the title, and the body; it returns their file."""
    rules, words = dict(RULES), dict(OWN_WORDS)

    def write(**bodies):
        path = tmp_path / "own_rules.py"
        each = (
            f'@rule("OWN-{name}", title="Own {name}"{more})\ndef {name}(tables, trace):\n    {body}\n'
            for name, (more, body) in bodies.items()
        )
        path.write_text(HEAD + "".join(each), encoding="utf-8")
        return path

    yield write
    for known, before in ((RULES, rules), (OWN_WORDS, words)):
        known.clear()
        known.update(before)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (("", "return 1 / 0"), "own_rules.py line 7: the rule OWN-bad could not be run"),
        (("", "return 5"), "rule OWN-bad returned int; return what proof(rows) gives"),
        (("", 'return marks_in(trace, ["profile_available"])'), "rows with other columns"),
        ((', severity="loud"', GOOD), "loud"),
    ],
)
def test_a_rule_of_ones_own_that_fails_costs_its_own_findings_alone(refused, run, own, bad, why):
    path = own(good=(', severity="warning"', GOOD), bad=bad)
    status, out, err = run("findings", refused, "--rules", path, "--json")
    assert (status, err.count("\n")) == (0, 1)
    assert err.startswith("not run: own_rules.py")
    assert why in err
    rules = [one["rule"] for one in json.loads(out)]
    assert (rules[0], "OWN-good" in rules, "OWN-bad" in rules) == ("MDM-ENROLLMENT-REFUSED", True, False)


def test_rules_of_ones_own_are_asked_of_a_dataset_too(refused, run, own, tmp_path):
    run("ingest", refused, "--into", tmp_path / "ds")
    path = own(good=(', severity="warning"', GOOD), bad=("", "return 1 / 0"))
    _, out, err = run("findings", tmp_path / "ds", "--rules", path, "--trust", "--json")
    assert ("OWN-good" in out, err.count("not run: ")) == (True, 1)


def test_a_rule_that_failed_is_a_gap_with_its_line_and_one_that_ran_is_none(refused, own):
    load_rules(own(good=("", GOOD), bad=("", "return 1 / 0")))
    with open_export(refused) as export:
        tables = read_tables(export)
    told, _ = find_with_own(tables, build_trace(tables))
    new = told.gaps.tail(told.gaps.height - tables.gaps.height)
    assert new.select("member", "record", "advice").rows() == [("own_rules.py", 7, REPAIR)]
