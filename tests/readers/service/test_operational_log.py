"""An enrolment record proves MDM enrolment and nothing after it."""

import json
import os
import subprocess
import sys

import polars as pl
import pytest

from autopilot_analysis.facts.report_columns import fields_within
from autopilot_analysis.readers.service import operational_log
from autopilot_analysis.readers.service.operational_log import enrollments_of
from autopilot_analysis.readers.service.report_columns import Report
from autopilot_analysis.samples.fleet.files import log_analytics_csv
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


def read(*rows):
    cells = [
        {
            "operation": operation,
            "result": result,
            "event_at": "2026-03-02T08:00:00Z",
            "properties": json.dumps(fields),
        }
        for operation, result, fields in rows
    ]
    names = ("operation", "result", "event_at", "properties")
    return enrollments_of(
        Report("IntuneOperationalLogs", pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String)))
    )


@pytest.mark.parametrize(
    ("result", "fields", "outcome", "stage"),
    [
        ("Success", {}, "succeeded", None),
        ("Fail", {"FailureCategory": "Authentication"}, "failed", "mdm_enrollment"),
        (None, {"FailureCategory": "Authentication"}, "failed", "mdm_enrollment"),
        (None, {"FailureCategory": "None"}, "unknown", None),
    ],
)
def test_a_record_failed_by_its_result_or_by_its_category(result, fields, outcome, stage):
    frame, unread = read(("Enrollment", result, {"IntuneDeviceId": "i"} | fields))
    assert frame.select("device", "outcome", "failed_stage").rows() == [("i", outcome, stage)]
    assert frame["flags"].str.starts_with("enrollment_only").all()
    assert unread == ()


def test_a_record_is_counted_among_all_rows_of_its_file():
    frame, _ = read(
        ("Compliance", "Success", {}), ("Enrollment", "Success", {"IntuneDeviceId": "i"}), (None, None, {})
    )
    assert frame["record"].to_list() == [2]


def test_records_of_other_operations_are_counted_as_left_out():
    frame, unread = read(
        ("Enrollment", "Success", {"IntuneDeviceId": "i"}), ("Compliance", "Success", {}), (None, None, {})
    )
    assert frame["record"].to_list() == [1]
    assert [(gap.reason, gap.count) for gap in unread] == [
        ("records of other operations than enrolment were left out", 2)
    ]


ONE_CORE = """
import sys
from autopilot_analysis.readers.service.log_analytics import read_log_analytics
print(read_log_analytics(sys.stdin.buffer.read()).rows["deployments"].height)
"""


def test_a_computer_of_one_core_reads_an_export_cut_in_its_last_row_too():
    text = log_analytics_csv(simulate_fleet(6, seed=0)[0]) + b"2026-05-05T1"
    environment = os.environ | {"POLARS_MAX_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", ONE_CORE], input=text, env=environment, capture_output=True, check=True
    )
    assert int(done.stdout) > 0


def test_a_field_inside_properties_is_read_under_each_spelling_of_the_facts(monkeypatch):
    spelt = {**fields_within("IntuneOperationalLogs"), "intune_device_id": ("IntuneDeviceId", "Other_g")}
    monkeypatch.setattr(operational_log, "fields_within", lambda _: spelt)
    rows = [{"IntuneDeviceId": "i"}, {"Other_g": "j"}, {"IntuneDeviceId": "", "Other_g": "k"}]
    frame, _ = read(*(("Enrollment", "Success", fields) for fields in rows))
    assert frame["device"].to_list() == ["i", "j", "k"]
