"""An enrolment record proves MDM enrolment and nothing after it."""

import json

import polars as pl
import pytest

from autopilot_analysis.readers.service.operational_log import enrollments_of
from autopilot_analysis.readers.service.report_columns import Report


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


def test_records_of_other_operations_are_counted_as_left_out():
    frame, unread = read(
        ("Enrollment", "Success", {"IntuneDeviceId": "i"}), ("Compliance", "Success", {}), (None, None, {})
    )
    assert frame.height == 1
    assert [(gap.reason, gap.count) for gap in unread] == [
        ("records of other operations than enrolment were left out", 2)
    ]
