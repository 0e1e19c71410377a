"""Which export a table is, by its headers; a header nobody knows is named and kept."""

import polars as pl
import pytest

from autopilot_analysis.readers.service import report_columns as columns
from autopilot_analysis.readers.service.report_columns import (
    LEAST_HEADERS,
    Report,
    aliases,
    named_table,
    recognise,
    rename,
)

FAILURES = ["DeviceId", "DeviceName", "SerialNumber", "EnrollmentType"]


@pytest.mark.parametrize("report", sorted(aliases()))
def test_an_export_with_all_its_headers_is_recognised(report):
    known = recognise(aliases()[report])
    assert set(aliases()[report]) <= set(aliases()[known])


@pytest.mark.parametrize(
    ("headers", "known"),
    [
        (["deploymentState", "deviceSetupStatus", "accountSetupStatus"], True),
        (["deploymentState", "deviceSetupStatus"], True),
        (["deploymentState", "deviceSetupStatus", "accountSetupStatus", "a", "b", "c"], True),
        (["deploymentState", "deviceSetupStatus", "accountSetupStatus", "a", "b", "c", "d"], False),
        (["deploymentState"], False),
        (["a", "b", "c"], False),
        ([], False),
    ],
)
def test_three_headers_and_half_of_all_must_be_known(headers, known):
    assert (recognise(headers) is not None) is known
    assert LEAST_HEADERS == 3


def test_letter_case_and_signs_of_a_header_do_not_matter():
    spelt = ["Deployment State", "DEVICE_SETUP_STATUS", "account-setup-status"]
    assert recognise(spelt) == recognise(["deploymentState", "deviceSetupStatus", "accountSetupStatus"])


def test_two_headers_of_one_meaning_fill_each_other_and_blanks_are_unknown():
    cells = pl.DataFrame({"deviceSerialNumber": ["SN-1", "  ", None], "surplus": ["x", "y", "z"]})
    report = rename("autopilotEvents", cells)
    assert report.column("serial").to_list() == ["SN-1", None, None]
    assert report.column("model").to_list() == [None, None, None]
    assert (report.unknown, report.unread[0].count) == (("surplus",), 1)


def test_of_many_unknown_headers_twelve_are_named():
    strangers = pl.DataFrame({f"c{n:02}": ["x"] for n in range(13)})
    reason = Report("Devices", pl.DataFrame(), strangers).unread[0].reason
    assert reason.startswith("13 columns of this Devices export are not known here: c00, c01")
    assert reason.endswith("c11 …")


def test_a_column_that_is_taken_is_in_one_piece_and_held_no_longer():
    pieces = pl.concat([pl.DataFrame({"serial": ["A"], "os": ["W"]})] * 2, rechunk=False)
    report = Report("AutopilotV1DeploymentStatus", pieces)
    taken = report.take("serial")
    assert (taken.to_list(), taken.n_chunks()) == (["A", "A"], 1)
    assert report.cells.columns == ["os"]


@pytest.mark.parametrize(
    "report", ["importedWindowsAutopilotDeviceIdentities", "IntuneDevices", "EnrollmentActivity"]
)
def test_a_header_of_every_report_is_known_in_each_that_has_the_column(report):
    assert aliases()[report]["deviceserialnumber"] == "serial"


OF_BOTH = ["TimeGenerated", "OperationName", "Properties", "Result", "Category", "Type"]
"""Headers that both tables of Log Analytics have, spelt alike."""


@pytest.mark.parametrize("table", ["IntuneOperationalLogs", "IntuneAuditLogs"])
@pytest.mark.parametrize("header", ["Type", "Category"])
def test_the_table_that_a_row_names_decides(table, header):
    named = {"Type": table, "Category": table.removeprefix("Intune")}[header]
    row = {"TimeGenerated": "2026-05-01T10:00:00Z", "Type": "x"} | {header: named}
    assert recognise(OF_BOTH, table=named_table(row)) == table


def test_a_row_that_names_a_table_of_other_headers_is_known_by_its_own():
    headers = ["deploymentState", "deviceSetupStatus", "accountSetupStatus", "Category"]
    assert recognise(headers, table=named_table({"Category": "Devices"})) == recognise(headers)
    assert recognise(headers) is not None


def test_the_type_of_a_row_is_surer_than_its_category_and_another_names_no_table():
    assert named_table({"Category": "AuditLogs", "Type": "IntuneOperationalLogs"}) == "IntuneOperationalLogs"
    assert named_table({"Category": "Authentication", "Type": "Windows", "OperationName": "Create"}) is None


@pytest.mark.parametrize("report", ["IntuneOperationalLogs", "IntuneAuditLogs"])
@pytest.mark.parametrize(
    ("row", "table"),
    [
        ({"Type": "IntuneOperationalLogs"}, "IntuneOperationalLogs"),
        ({"Type": "IntuneAuditLogs"}, "IntuneAuditLogs"),
        ({"Category": "AuditLogs"}, "IntuneAuditLogs"),
        ({"OperationName": "Enrollment"}, "IntuneOperationalLogs"),
        ({"OperationName": "Compliance"}, "IntuneOperationalLogs"),
    ],
)
def test_a_further_spelling_of_a_column_never_turns_which_table_a_row_is_of(report, row, table, monkeypatch):
    more = {**aliases(), report: {**aliases()[report], "anotherspelling": "result"}}
    monkeypatch.setattr(columns, "aliases", lambda: more)
    assert recognise(OF_BOTH, table=named_table(row)) == table


def test_of_reports_that_fit_equally_the_one_that_the_facts_name_first_is_meant(monkeypatch):
    alike = dict.fromkeys(("serial", "model", "name"), "name")
    monkeypatch.setattr(columns, "aliases", lambda: {"A": alike, "B": alike})
    assert recognise(alike) == "A"
    monkeypatch.setattr(columns, "aliases", lambda: {"B": alike, "A": alike})
    assert recognise(alike) == "B"


def test_a_header_that_one_report_alone_has_decides_beside_two_others_of_it():
    devices = ["DeviceName", "UPN", "SerialNumber", "OSVersion", "Manufacturer", "Model"]
    assert recognise(devices) == "Devices"
    assert recognise([*devices, "PolicyStatus"]) == "DeviceConfigurationPolicyStatuses"
    assert recognise(["PolicyStatus", "PolicyName", "a", "b", "c"]) is None
    assert recognise(["PolicyStatus", "PolicyName", "UPN", "a", "b", "c", "d"]) is not None


def test_the_name_of_a_table_that_is_not_read_is_a_name_only_in_log_analytics():
    assert named_table({"Type": "AADRiskyUsers", "TimeGenerated": "2026-05-01"}) == "AADRiskyUsers"
    assert named_table({"Type": "Windows", "Name": "x"}) is None
    assert recognise(["TimeGenerated", "OperationName", "Category", "Result"], table="AADRiskyUsers") is None


@pytest.mark.parametrize(
    ("cells", "reasons"),
    [
        (
            {"WiFiSubnetID": ["10.1.0.0", "10.2.0.0"], "JoinType": ["AADJ", "AADJ"]},
            ["1 column of this Devices export describes devices and is not compared: WiFiSubnetID"],
        ),
        (
            {"WiFiSubnetID": ["10.1.0.0", "10.2.0.0"], "JoinType": ["AADJ", "HAADJ"]},
            [
                "2 columns of this Devices export describe devices and are not compared: WiFiSubnetID, "
                "JoinType"
            ],
        ),
        ({"WiFiSubnetID": ["10.1.0.0", None], "JoinType": [None, None]}, []),
        ({"Category": ["North", "South"]}, []),  # compared
    ],
)
def test_a_column_that_describes_devices_and_is_not_compared_is_named_where_it_differs(cells, reasons):
    report = rename("Devices", pl.DataFrame({"Device ID": ["a", "b"], **cells}))
    assert [gap.reason for gap in report.unread] == reasons
