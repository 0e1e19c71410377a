"""Each recognised export fills the table its rows belong to; a cell that cannot be cast is counted."""

import polars as pl
import pytest

from autopilot_analysis.facts.hand_lists import HAND_LIST
from autopilot_analysis.readers.service.fleet_rows import FRAMES, ORIGIN_OF, TABLE_OF, read_rows, typed
from autopilot_analysis.readers.service.report_columns import Report, aliases
from autopilot_analysis.tables.fleet import EnrollmentFailure, Identity, ItemCount, ItemStatus


def report(of, /, **cells):
    return Report(of, pl.DataFrame([cells], schema=dict.fromkeys(cells, pl.String)))


def test_every_export_that_is_recognised_fills_a_table():
    assert set(aliases()) == {*ORIGIN_OF, *TABLE_OF, "IntuneOperationalLogs"} - {HAND_LIST}
    assert set(TABLE_OF.values()) == set(FRAMES)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("Devices", "identities"),
        ("auditEvents", "audit_changes"),
        ("autopilotEvents", "deployments"),
        ("EnrollmentActivity", "enrollment_failures"),
    ],
)
def test_rows_go_to_the_table_of_their_export(name, table):
    reading = read_rows(report(name, serial="SN-0001"))
    assert {key: frame.height for key, frame in reading.rows.items()} == {table: 1}


def test_a_number_that_cannot_be_read_is_null_and_counted():
    frame, unread = typed(
        report("AppInstallStatusAggregate", name="Viewer", failed="many", installed="7"), ItemCount
    )
    assert frame.select("name", "failed", "installed").row(0) == ("Viewer", None, 7)
    assert [(gap.reason, gap.count) for gap in unread] == [("numbers in failed could not be read", 1)]


def test_times_in_no_spelling_are_counted():
    frame, unread = typed(report("Devices", serial="SN-0001", at="some day"), Identity)
    assert frame["at"].to_list() == [None]
    assert [(gap.reason, gap.count) for gap in unread] == [("times in at could not be read", 1)]


def test_a_row_that_names_no_device_is_called_after_what_it_tells():
    frame, _ = typed(report("Devices", model="Slate 12"), Identity)
    assert frame["device"].str.contains(r"^unknown-[0-9a-f]{8}$").all()


def test_the_name_of_an_app_is_no_computer():
    frame, _ = typed(report("DeviceInstallStatusByApp", name="Viewer"), ItemStatus)
    assert frame.select("device", "name").row(0) == (None, "Viewer")
    named, _ = typed(report("DeviceInstallStatusByApp", name="Viewer", computer="AP-0001"), ItemStatus)
    assert named.select("device", "name").row(0) == ("AP-0001", "Viewer")


def test_the_build_of_an_apps_device_stands_in_its_platform_and_of_a_scripts_in_its_own_column():
    app, _ = typed(report("DeviceInstallStatusByApp", kind="Windows 10.0.26100.6584"), ItemStatus)
    assert app.select("kind", "build").row(0) == ("Windows 10.0.26100.6584", "26100.6584")
    script, _ = typed(report("DeviceRunStatesByScript", os_version="10.0.22631.5039"), ItemStatus)
    assert script["build"].to_list() == ["22631.5039"]
    assert typed(report("DeviceInstallStatusByApp", kind="Windows"), ItemStatus)[0]["build"].to_list() == [
        None
    ]


def test_the_words_of_a_detail_stand_in_place_of_its_number():
    said, _ = typed(report("DeviceInstallStatusByApp", detail="5", detail_said="Not detected"), ItemStatus)
    assert said["detail"].to_list() == ["Not detected"]
    number, _ = typed(report("DeviceInstallStatusByApp", detail="5", detail_said=None), ItemStatus)
    assert number["detail"].to_list() == ["5"]


def test_where_no_reason_is_named_the_words_of_the_failure_stand_in():
    said = {"failure_said": "Device cap reached"}
    frame, _ = typed(report("EnrollmentActivity", **said), EnrollmentFailure)
    assert frame["failure_text"].to_list() == ["Device cap reached"]
    frame, _ = typed(report("EnrollmentActivity", failure_text="DeviceCap", **said), EnrollmentFailure)
    assert frame["failure_text"].to_list() == ["DeviceCap"]


@pytest.mark.parametrize(
    ("reason", "failure", "read"),
    [
        ("Unknown", "Yes", "Yes"),
        ("N/A", "No", "No"),
        ("None", None, "None"),
        (None, "No", "No"),
        ("DeviceCap", "Yes", "DeviceCap"),
    ],
)
def test_a_reason_that_names_none_leaves_its_place_to_the_word_that_says_whether_it_failed(
    reason, failure, read
):
    told = {"failure_text": reason, "failure_said": failure}
    frame, _ = typed(report("EnrollmentActivity", **told), EnrollmentFailure)
    assert frame["failure_text"].to_list() == [read]


def test_the_code_of_an_enrolment_stands_in_its_words_where_it_has_no_column():
    told = {"failure_text": "NotSupported", "detail": "0x80180022"}
    frame, _ = typed(report("EnrollmentActivity", **told), EnrollmentFailure)
    assert frame["code"].to_list() == ["0x80180022"]
    frame, _ = typed(report("DeviceRunStatesByScript", detail="0x80180022"), ItemStatus)
    assert frame["code"].to_list() == [None]
