"""Lists of the service alone: items that failed, imports that ended in an error."""

from __future__ import annotations

import pytest
from findings.service_tables import imported, status, table, tables_of

from autopilot_analysis.findings import failed_items, find_in_service


def test_an_item_is_counted_on_the_devices_where_it_failed_of_all_that_are_listed():
    rows = [status("A", "2", "0x87D1041C"), status("B", "1"), status("C", "Failed", "0x87D1041C")]
    found = find_in_service(tables_of(item_statuses=rows))
    assert found.findings.select("rule", "role", "device", "code", "title").row(0) == (
        "FLEET-ITEM-FAILED", "cause", "fleet", "0x87D1041C", "Map failed (0x87D1041C) on 2 of 3 devices"
    )  # fmt: skip
    assert found.evidence.select("member", "quote").row(0) == ("list.csv", "A: Map failed (0x87D1041C)")


@pytest.mark.parametrize(
    ("state", "report", "failed"),
    [
        ("2", "DeviceInstallStatusByApp", 1),
        ("3", "DeviceInstallStatusByApp", 0),  # not installed
        ("3", "DeviceRunStatesByScript", 1),
        ("2", "policyStatusDetails", 0),  # installed
        ("error", "policyStatusDetails", 1),
        ("installed", "policyStatusDetails", 0),
        (None, "policyStatusDetails", 0),
    ],
)
def test_a_number_of_a_state_is_read_by_its_own_report_and_a_code_alone_is_no_failure(state, report, failed):
    rows = table("item_statuses", [status("A", state, "0x80070643", report)])
    assert failed_items(rows).height == failed


def test_an_item_without_a_known_code_is_no_cause():
    found = find_in_service(tables_of(item_statuses=[status("A", "failed")])).findings
    assert found.select("role", "device", "title").row(0) == (
        "consequence", "A", "Map failed on 1 of 1 device"
    )  # fmt: skip


DETAILED = "AutopilotV2DeploymentStatusDetailedAppInfo"


def titles(*rows):
    return find_in_service(tables_of(item_statuses=rows)).findings["title"].to_list()


def test_a_failure_that_two_lists_tell_of_is_told_once_by_the_one_that_says_why():
    bare = [status(device, "Failed", report=DETAILED) for device in "ABC"]
    coded = [status(device, "2", "0x87D1041C") for device in "AB"]
    assert titles(*bare, *coded) == [
        "Map failed (0x87D1041C) on 2 of 3 devices",
        "Map failed on 1 of 3 devices",
    ]
    assert titles(*(status(d, "Failed", "0x87D1041C", DETAILED) for d in "AB"), *coded) == [
        "Map failed (0x87D1041C) on 2 of 2 devices"
    ]


def test_two_failures_of_one_list_of_two_apps_and_of_two_codes_are_two():
    other = {"report": DETAILED, "item": "other"}
    assert len(titles(status("A", "2", "0x87D1041C"), status("A", "Failed", **other))) == 2
    assert len(titles(status("A", "2", "0x87D1041C"), status("A", "2", user="u"))) == 2
    assert len(titles(status("A", "2", "0x87D1041C"), status("A", "Failed", "0x80070643", DETAILED))) == 2
    assert len(titles(status("A", "2", "0x87D1041C"), status("A", "Failed", None, DETAILED, detail="x"))) == 2
    assert len(titles(status(None, "2", "0x87D1041C"), status(None, "Failed", None, DETAILED))) == 2


def test_an_import_that_failed_names_its_serial_and_one_that_went_well_stays_quiet():
    rows = [
        imported("S-1", "complete"),
        imported("S-2", "error", "ZtdDeviceAssignedToOtherTenant"),
        imported("S-3", "error", "ZtdDeviceAlreadyAssigned"),
    ]
    found = find_in_service(tables_of(identities=rows)).findings
    assert found.select("item", "code", "severity").rows() == [
        ("S-2", "808", "high"),
        ("S-3", "806", "warning"),
    ]
    assert find_in_service(tables_of(identities=rows[:1])).findings.is_empty()


def test_what_the_report_says_in_its_own_words_is_told_where_nothing_else_is_known():
    text = "Out-File : There is not enough space on the disk."
    rows = [
        status("A", "failed", detail=text),
        status("B", "failed", detail=f" {text} "),
        status("C", "success"),
    ]
    found = find_in_service(tables_of(item_statuses=rows))
    assert found.findings.select("meaning", "remedy", "role").row(0) == (
        f"The report's own text: “{text[:-1]}”", "Mend what the report's own text names", "consequence"
    )  # fmt: skip
    assert found.evidence["quote"].to_list() == [f"A: Map failed: {text}", f"B: Map failed: {text}"]


def test_beside_the_meaning_of_a_code_the_text_stands_as_well():
    rows = [status("A", "2", "0x87D1041C", detail="Not found after the installer")]
    meaning = find_in_service(tables_of(item_statuses=rows)).findings["meaning"][0]
    assert meaning.endswith(". The report's own text: “Not found after the installer”")


def test_a_text_whose_reason_is_known_is_a_cause_with_its_remedy():
    text = "File C:\\a.ps1 cannot be loaded because running scripts is disabled on this system."
    rows = [status("A", "failed", detail=text), status("B", "failed", detail=text)]
    found = find_in_service(tables_of(item_statuses=rows)).findings
    assert found.select("role", "page").row(0) == ("cause", "Microsoft: about_Execution_Policies")
    assert found["remedy"][0].startswith("Sign the scripts")


@pytest.mark.parametrize("detail", [None, "", "0", "Failed", "None", "0x80070005"])
def test_a_report_without_words_says_that_it_does_not_say_why(detail):
    found = find_in_service(tables_of(item_statuses=[status("A", "failed", detail=detail)])).findings
    assert found.select("meaning", "remedy").row(0) == (
        "The service does not say why.",
        "Collect diagnostics from one of these devices: the report does not say why",
    )


def test_an_import_whose_error_nobody_knows_is_not_said_to_be_without_a_reason():
    found = find_in_service(tables_of(identities=[imported("S", "error", "ZtdSomethingNew")])).findings
    assert found["meaning"].to_list() == ["The report's own text: “ZtdSomethingNew”"]


def test_the_exit_code_of_a_script_speaks_of_no_installer():
    rows = [
        status(f"D-{n}", "failed", "0x80070005", report=report, item=report)
        for n, report in enumerate(("DeviceRunStatesByScript", "DeviceInstallStatusByApp"))
    ]
    found = find_in_service(tables_of(item_statuses=rows)).findings.sort("id")
    meanings = found["meaning"].to_list()
    assert sorted(meaning.split(" ended")[0] for meaning in meanings) == ["The installer", "The script"]


def test_imports_that_ended_with_one_error_are_one_kind_of_failure():
    rows = [imported(f"S-{n}", "error", "ZtdDeviceAlreadyAssigned") for n in range(7)]
    rows += [imported("X", "error", None), imported("G", "complete")]
    found = find_in_service(tables_of(identities=rows))
    assert sorted(found.findings["title"]) == [
        "The import of 7 of 9 devices ended in an error (ZtdDeviceAlreadyAssigned): S-0, S-1, S-2, S-3, S-4 "
        "and 2 more",
        "The import of X ended in an error",
    ]
    assert sorted(found.evidence["device"]) == [*(f"S-{n}" for n in range(7)), "X"]
