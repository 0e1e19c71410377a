"""Lists of deployments beside records of devices: the fleet first, and who stands in one of both alone."""

import json

import pytest

from autopilot_analysis.cli.entry import main
from autopilot_analysis.samples import write_sample


def page_of(folder, *serials, failed=1, at="2026-05-14T09:00:00Z"):
    """Write a Graph page of deployments, of which the first few failed."""
    rows = [
        {
            "id": f"e-{serial}",
            "deviceSerialNumber": serial,
            "deploymentState": "failure" if n < failed else "success",
            "deploymentStartDateTime": at,
            "deploymentEndDateTime": at.replace("T09:00", "T09:40"),
        }
        for n, serial in enumerate(serials)
    ]
    context = "https://graph.example.com/beta/$metadata#x"
    page = {"@odata.context": context, "value": rows}
    (folder / "events.json").write_text(json.dumps(page), encoding="utf-8")


def lines_of(folder, capsys, *options):
    assert main(["findings", str(folder), *options]) == 0
    return capsys.readouterr().out.splitlines()


LISTED = [f"LIST-{n:02}" for n in range(1, 7)]


def test_a_log_beside_a_list_leaves_the_fleet_first(tmp_path, capsys):
    page_of(tmp_path, *LISTED)
    (tmp_path / "proxy.log").write_text(
        "2026-05-14 09:00:01 CONNECT host.example 200\n2026-05-14 09:00:02 CONNECT b.example 200\n"
    )
    lines = lines_of(tmp_path, capsys)
    assert lines[0].startswith("fleet: 6 attempts on 6 devices; 1 of 6")
    assert not any("Outcome unknown" in line for line in lines)
    assert "Read as well: proxy.log; tells of no attempt at enrolment." in " ".join(lines)


def test_a_table_of_another_matter_beside_a_list_leaves_the_fleet_first(tmp_path, capsys):
    page_of(tmp_path, *LISTED)
    (tmp_path / "Orte.csv").write_text("Raum;Etage;Notiz\nA1;2;frei\nA2;3;belegt\nA3;3;frei\n")
    assert lines_of(tmp_path, capsys)[0].startswith("fleet: 6 attempts on 6 devices; 1 of 6")


def test_a_capture_of_another_device_is_told_behind_the_fleet(tmp_path, capsys):
    page_of(tmp_path, *LISTED)
    write_sample(tmp_path / "one.cab", "mdm_enrollment_refused", device=1)
    lines = lines_of(tmp_path, capsys)
    assert lines[0].startswith("fleet: ")
    assert lines[-1].startswith("SN-0001: ")
    text = " ".join(" ".join(lines).split())
    assert "6 of 7 devices stand in a list alone, without a capture; 1 of them failed: LIST-01" in text
    assert "on the one device that was captured" in text
    found = json.loads("\n".join(lines_of(tmp_path, capsys, "--json")))
    assert [one["id"] for one in found] == list(range(1, len(found) + 1))
    assert {"fleet", "SN-0001"} & {one["device"] for one in found}


@pytest.mark.parametrize(("failed", "leads"), [(1, True), (4, False)])
def test_a_cause_of_one_capture_leads_only_where_it_is_of_half_of_those_that_failed(
    tmp_path, capsys, failed, leads
):
    page_of(tmp_path, *LISTED, failed=failed)
    write_sample(tmp_path / "one.cab", "mdm_enrollment_refused", device=1)
    text = "\n".join(lines_of(tmp_path, capsys)).split("What to do")[0]
    assert ("MDM enrolment was refused" in text) == leads


def test_the_row_and_the_capture_of_one_device_alone_are_answered_as_that_device(tmp_path, capsys):
    page_of(tmp_path, "SN-0001")
    write_sample(tmp_path / "one.cab", "mdm_enrollment_refused", device=1)
    assert lines_of(tmp_path, capsys)[0].startswith("SN-0001: ")


def enrolments_of(folder, *, failing):
    """Write a list of all enrolments in two domains, of which the first few of one domain failed at first."""
    head = "DeviceId,DeviceName,EnrollmentDateTime,Failure,FailureReason,SerialNumber,UPN"
    rows = []
    for n, serial in enumerate([f"EN-{n:02}" for n in range(60)]):
        user = f"u{n}@{'south' if n < 20 else 'north'}.example"
        if n < failing:
            rows.append(f",,2026-05-04 06:{n:02}:00,Failed,Authorization,{serial},{user}")
        if n >= failing // 2:
            rows.append(f"id-{n},PC-{n},2026-05-04 09:{n:02}:00,,,{serial},{user}")
    (folder / "EnrollmentActivity.csv").write_text("\n".join([head, *rows]), encoding="utf-8")


def test_the_group_in_which_enrolments_failed_leads_over_that_of_those_who_enrolled(tmp_path, capsys):
    page_of(tmp_path, *(f"EN-{n:02}" for n in range(10, 60)), failed=0)
    enrolments_of(tmp_path, failing=16)
    first, *rest = lines_of(tmp_path, capsys)
    assert "no group and no day stands out" not in first
    assert "enrolments with user domain south.example failed" in first
    assert not any("No group stands out as failed" in line for line in rest)


def test_enrolments_that_went_well_leave_the_deployments_compared(tmp_path, capsys):
    page_of(tmp_path, *(f"EN-{n:02}" for n in range(10, 60)), failed=0)
    enrolments_of(tmp_path, failing=0)
    assert "enrolments with" not in lines_of(tmp_path, capsys)[0]
